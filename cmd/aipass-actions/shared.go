package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
	"github.com/aiosai/aipass-exporter/internal/statefile"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// lockFile keeps runs apart that change mail or state.
const lockFile = "actions.lock"

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
		PlaceHolder("DIR").ExistingDirVar(&f.textfile)
	r.App.Flag("mailbox.lock-timeout", "Longest wait for the lock of a mailbox.").
		Default("10s").DurationVar(&f.lockTimeout)
	return f
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

var errBusy = errors.New("another run is at work")

// A say tells what a run did.
type say func() error

// withState runs one at a time, with the state of the runs before, which is
// saved and published whatever comes of the run, and before it says anything:
// nobody may be listening any more. errBusy is that of a run that found another.
func (f *sharedFlags) withState(logger *slog.Logger, run func(*actions.State) (say, error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), receiverTime)
	defer cancel()
	return f.withStateIn(ctx, logger, run)
}

// withStateIn is withState that waits, as long as ctx lasts, for another run.
func (f *sharedFlags) withStateIn(ctx context.Context, logger *slog.Logger, run func(*actions.State) (say, error)) error {
	s, err := f.holdState(ctx, logger)
	if err != nil {
		return err
	}
	defer s.unlock()
	tell, err := run(&s.State)
	err = outcome(err, s.save(), logger)
	err = outcome(err, f.publish(&s.State), logger)
	if tell == nil {
		return err
	}
	return cmp.Or(tell(), err)
}

// receiverTime is how long to wait for a receiver, which holds the state for as
// long as it takes to add its counts. Runs hold it for longer, and are not
// waited for.
const receiverTime = 2 * time.Second

// A heldState is the state while no other process may change it.
type heldState struct {
	actions.State
	path   string
	unlock func()
}

func (s *heldState) save() error { return statefile.Save(s.path, s.State) }

// holdState waits until ctx ends to have the state to itself.
func (f *sharedFlags) holdState(ctx context.Context, logger *slog.Logger) (*heldState, error) {
	dir, err := f.stateDir()
	if err != nil {
		return nil, err
	}
	unlock, held, err := statefile.Lock(ctx, filepath.Join(dir, lockFile))
	if held {
		return nil, fmt.Errorf("%w: it holds %s", errBusy, filepath.Join(dir, lockFile))
	}
	if err != nil {
		return nil, fmt.Errorf("--state.dir: %w", err)
	}
	s := &heldState{path: filepath.Join(dir, actions.StateFile), unlock: unlock}
	err = statefile.Load(s.path, &s.State)
	if _, aside := errors.AsType[*statefile.SetAsideError](err); aside {
		logger.Warn("state is not usable, counting from zero", "err", err)
	} else if err != nil {
		unlock()
		return nil, fmt.Errorf("--state.dir: %w", err)
	}
	return s, nil
}

// peekState is the state for a run that changes nothing, and needs none. What
// is not usable would be set aside by one that does, so it is none either.
func (f *sharedFlags) peekState() actions.State {
	state, _ := f.readState()
	return state
}

// readState is the state as it is, without a lock and unchanged.
func (f *sharedFlags) readState() (state actions.State, err error) {
	dir, err := f.stateDir()
	if err == nil {
		err = statefile.Peek(filepath.Join(dir, actions.StateFile), &state)
	}
	return state, err
}

// now is what the clock says.
func (f *sharedFlags) now() time.Time { return f.room.Sys.Now() }

// outcome is that of a run after which something else may have failed. That is
// told apart, for the end of the program tells of one error only.
func outcome(run, after error, logger *slog.Logger) error {
	if after == nil {
		return run
	}
	logger.Error("not written", "err", after)
	return cmp.Or(run, cli.ErrSaid)
}

// publish writes the metrics, if somebody wants them.
func (f *sharedFlags) publish(state *actions.State) error {
	if f.textfile == "" {
		return nil
	}
	return textfile.Write(filepath.Join(f.textfile, actions.MetricsFile), func(w io.Writer) error {
		return actions.WriteMetrics(w, state)
	})
}
