package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/crontab"
)

// block is what is to stand in the crontab.
func (f *cronFlags) block(home string) (crontab.Block, error) {
	c := cronLines{home: home, textfile: f.shared.textfile, given: f.given, app: f.shared.room.App}
	var stateErr, programErr, ownerErr, logErr, err error
	c.state, stateErr = f.stateDir()
	c.program, programErr = os.Executable()
	c.mailTo, ownerErr = f.owner()
	c.log, logErr = filepath.Abs(cmp.Or(f.logFile, filepath.Join(c.state, "scheduled.log")))
	if err := errors.Join(stateErr, programErr, ownerErr, logErr); err != nil {
		return crontab.Block{}, fmt.Errorf("what the crontab is to say: %w", err)
	}
	block := crontab.Block{Name: blockName(c.state)}
	if block.Lines, err = c.lines(); err != nil {
		return crontab.Block{}, cli.Usage(fmt.Errorf("crontab: %w", err))
	}
	return block, nil
}

// blockName tells the block of a state from those of other hosts.
func blockName(state string) string { return "aipass-actions, state in " + state }

// blockName is that of this state.
func (f *cronFlags) blockName() (string, error) {
	dir, err := f.stateDir()
	return blockName(dir), err
}

// owner is whom cron mails.
func (f *cronFlags) owner() (string, error) {
	if to := cmp.Or(f.mailTo, f.user); to != "" {
		return to, nil
	}
	self, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("%w; name whom cron is to mail with --mail-to", err)
	}
	return self.Username, nil
}
