package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// sharedFlags are those of every command.
type sharedFlags struct {
	room        cli.Room
	host        *cli.HostFlags
	newLogger   func() *slog.Logger
	state       string
	textfile    string
	lockTimeout time.Duration
	roles       recipients.Roles
}

func addSharedFlags(r cli.Room) *sharedFlags {
	f := &sharedFlags{room: r, host: cli.AddHostFlags(r.App, r.Sys, "1m"), newLogger: r.AddLogFlags()}
	f.roles = addRoles(r)
	r.App.Flag("state.dir", "Where state and journal are kept. Without it, aipass-exporter in XDG_STATE_HOME or ~/.local/state.").
		PlaceHolder("DIR").StringVar(&f.state)
	r.App.Flag("textfile.directory", "Write "+actions.MetricsFile+" here, where node_exporter's --collector.textfile.directory points.").
		PlaceHolder("DIR").Action(f.checkTextfile).StringVar(&f.textfile)
	r.App.Flag("mailbox.lock-timeout", "Longest wait for the lock of a mailbox.").
		Default("10s").DurationVar(&f.lockTimeout)
	return f
}

// checkTextfile wants the directory to be there, but for the doctor, who says so
// among the rest.
func (f *sharedFlags) checkTextfile(parsed *kingpin.ParseContext) error {
	if parsed.SelectedCommand.FullCommand() == doctorCommand {
		return nil
	}
	info, err := os.Stat(f.textfile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("--textfile.directory: path '%s' does not exist", f.textfile)
	case err != nil:
		return fmt.Errorf("--textfile.directory: %w", err)
	case !info.IsDir():
		return fmt.Errorf("--textfile.directory: '%s' is a file", f.textfile)
	}
	return nil
}

// addRoles adds a flag for each role.
func addRoles(r cli.Room) recipients.Roles {
	var assistant, devCentral recipients.Addresses
	r.App.Flag("recipient.assistant", "Whose mailbox gets what is wrong with the host: addresses, the first that is registered.").
		Default("@assistant,@daemon").PlaceHolder("@NAME,...").SetValue(&assistant)
	r.App.Flag("recipient.dev-central", "Whose mailbox gets reports and what can lose data.").
		Default("@dev_central,@devpulse").PlaceHolder("@NAME,...").SetValue(&devCentral)
	return recipients.Roles{recipients.Assistant: &assistant, recipients.DevCentral: &devCentral}
}

// stateDir is where the state is kept, be it there or not.
func (f *sharedFlags) stateDir() (string, error) {
	getenv := f.room.Sys.Getenv
	switch {
	case f.state != "":
		return filepath.Abs(f.state)
	case filepath.IsAbs(getenv("XDG_STATE_HOME")): // else it is to be ignored, says its specification
		return filepath.Join(getenv("XDG_STATE_HOME"), "aipass-exporter"), nil
	case getenv("HOME") != "":
		return filepath.Join(getenv("HOME"), ".local", "state", "aipass-exporter"), nil
	}
	return "", cli.Usage(errors.New("no place to keep state: name one with --state.dir"))
}

func (f *sharedFlags) journal() (cleanup.Journal, error) {
	dir, err := f.stateDir()
	return cleanup.Journal{Dir: filepath.Join(dir, "journal")}, err
}

// mailbox says how to treat mailboxes.
func (f *sharedFlags) mailbox() (mailbox.Options, error) {
	if f.lockTimeout <= 0 {
		return mailbox.Options{}, cli.Usage(errors.New("--mailbox.lock-timeout must be above 0, try --help"))
	}
	location, err := f.host.Location()
	return mailbox.Options{Location: location, LockTimeout: f.lockTimeout}, err
}

// now is what the clock says.
func (f *sharedFlags) now() time.Time { return f.room.Sys.Now() }
