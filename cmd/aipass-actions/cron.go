package main

import (
	"context"
	"fmt"
	"os/user"
	"path/filepath"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/crontab"
)

// cronFlags are about one block in one crontab. A state directory is one
// host's, and so is a block.
type cronFlags struct {
	shared          *sharedFlags
	user            string
	mailTo, logFile string
	given           []givenFlag // of the jobs, on the command line
}

func addCron(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("cron", "Run the jobs from cron: a block in a crontab, beside what else is in it.")
	f := &cronFlags{shared: shared}
	install := cmd.Command("install", "Put the block into the crontab, with all flags of run and report that are given; other lines stay as they are.")
	f.addUser(install)
	install.Flag("mail-to", "Whom cron mails what a job could not do. Without it, the crontab's owner.").PlaceHolder("ADDRESS").StringVar(&f.mailTo)
	install.Flag("log.file", "Where the jobs log. Without it, scheduled.log in the state directory.").PlaceHolder("FILE").StringVar(&f.logFile)
	addJobFlags(install) // what follows is for the jobs
	(&runFlags{cleanup: new(cleanupFlags)}).add(install)
	(&reportFlags{}).add(install)
	install.PreAction(func(parsed *kingpin.ParseContext) error {
		f.given = givenFlags(parsed)
		return nil
	})
	r.Add(install, f.install)
	show := cmd.Command("show", "Show the block as it stands in the crontab. Exit code 1 if there is none.")
	f.addUser(show)
	r.Add(show, f.show)
	remove := cmd.Command("remove", "Take the block out of the crontab; other lines stay as they are.")
	f.addUser(remove)
	r.Add(remove, f.remove)
}

func (f *cronFlags) addUser(cmd *kingpin.CmdClause) {
	cmd.Flag("user", "Whose crontab; only root may name another's than its own.").PlaceHolder("NAME").StringVar(&f.user)
}

func (f *cronFlags) crontab() crontab.Crontab { return crontab.Crontab{User: f.user} }

// stateDir is that of the user whose crontab it is.
func (f *cronFlags) stateDir() (string, error) {
	if f.user == "" || f.shared.state != "" {
		return f.shared.stateDir()
	}
	owner, err := user.Lookup(f.user)
	if err != nil {
		return "", cli.Usage(fmt.Errorf("--user: %w", err))
	}
	return filepath.Join(owner.HomeDir, ".local", "state", "aipass-exporter"), nil
}

func (f *cronFlags) install(ctx context.Context) error {
	tree, err := f.shared.host.Tree()
	if err != nil {
		return err
	}
	block, err := f.block(tree.Root())
	if err != nil {
		return err
	}
	return f.change(ctx, func(table string) (string, error) { return crontab.Put(table, block) }, "installed", "nothing changed: it is installed")
}

func (f *cronFlags) remove(ctx context.Context) error {
	name, err := f.blockName()
	if err != nil {
		return err
	}
	return f.change(ctx, func(table string) (string, error) { return crontab.Remove(table, name) }, "removed", "nothing changed: it is not installed")
}

// change edits the crontab, and writes it only if it changes.
func (f *cronFlags) change(ctx context.Context, edit func(string) (string, error), changed, unchanged string) error {
	limited, cancel := context.WithTimeout(ctx, f.shared.host.Timeout)
	defer cancel()
	table, err := f.crontab().Read(limited)
	if err != nil {
		return err
	}
	edited, err := edit(table)
	if err != nil {
		return fmt.Errorf("crontab: %w", err)
	}
	if edited == table {
		_, err = fmt.Fprintln(f.shared.room.Stdout, unchanged)
		return err
	}
	if err := f.crontab().Write(limited, edited); err != nil {
		return err
	}
	_, err = fmt.Fprintln(f.shared.room.Stdout, changed+"; see it with crontab -l")
	return err
}

func (f *cronFlags) show(ctx context.Context) error {
	name, err := f.blockName()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, f.shared.host.Timeout)
	defer cancel()
	table, err := f.crontab().Read(limited)
	if err != nil {
		return err
	}
	block, err := crontab.Get(table, name)
	if err != nil {
		return fmt.Errorf("crontab: %w", err)
	}
	if block == "" {
		return fmt.Errorf("the crontab has no block of %s: put it there with aipass-actions cron install", name)
	}
	_, err = fmt.Fprint(f.shared.room.Stdout, block)
	return err
}
