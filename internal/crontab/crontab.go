package crontab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// A Crontab is one user's.
type Crontab struct {
	User string // "" is whoever runs the program; only root may name another
}

// ErrNoCron is for a machine without crontab(1).
var ErrNoCron = errors.New("there is no crontab program: install cron, or use the timers in deploy/systemd")

// none is how crontab(1) says that the user has no crontab: Debian's, cronie's,
// systemd-cron's. Nothing else means so.
var none = regexp.MustCompile(`(?m)^(?:crontab: )?no crontab for `)

// Read is the whole table, "" if there is none.
func (c Crontab) Read(ctx context.Context) (string, error) {
	table, said, err := c.run(ctx, "", "-l")
	if _, exited := errors.AsType[*exec.ExitError](err); exited && table == "" && none.MatchString(said) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the crontab: %w", explain(err, said))
	}
	return table, nil
}

// Write replaces the table and sees to it that it is as it should be. An empty
// one is removed.
func (c Crontab) Write(ctx context.Context, table string) error {
	args := []string{"-"}
	if table == "" {
		args[0] = "-r"
	}
	if _, said, err := c.run(ctx, table, args...); err != nil {
		return fmt.Errorf("write the crontab: %w", explain(err, said))
	}
	got, err := c.Read(ctx)
	if err == nil && got != table {
		err = errors.New("the crontab is not what was written: somebody else has changed it meanwhile, see crontab -l")
	}
	return err
}

// run starts crontab(1), in a language that is known.
func (c Crontab) run(ctx context.Context, stdin string, args ...string) (stdout, stderr string, err error) {
	if c.User != "" {
		args = append([]string{"-u", c.User}, args...)
	}
	cmd := exec.CommandContext(ctx, "crontab", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		err = ErrNoCron
	}
	return out.String(), errs.String(), err
}

// explain adds what the program said.
func explain(err error, said string) error {
	if said = strings.Join(strings.Fields(said), " "); said != "" {
		return fmt.Errorf("%w: %s", err, said)
	}
	return err
}
