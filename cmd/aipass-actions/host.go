package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A host is an AIPass host as it was found, and how to treat it.
type host struct {
	tree    aipass.Tree
	look    *aipass.Snapshot
	mailbox mailbox.Options
}

var errRegistry = errors.New("the registry cannot be used")

// openHost looks at the mail of the host. Without a registry nothing can be done.
func (f *sharedFlags) openHost(ctx context.Context) (host, error) {
	tree, err := f.host.MailTree()
	if err != nil {
		return host{}, err
	}
	return f.lookAt(ctx, tree)
}

// openWholeHost looks at all that the host has.
func (f *sharedFlags) openWholeHost(ctx context.Context) (host, error) {
	tree, err := f.host.Tree()
	if err != nil {
		return host{}, err
	}
	return f.lookAt(ctx, tree)
}

func (f *sharedFlags) lookAt(ctx context.Context, tree aipass.Tree) (host, error) {
	options, err := f.mailbox()
	if err != nil {
		return host{}, err
	}
	limited, cancel := context.WithTimeout(ctx, f.host.Timeout)
	defer cancel()
	look := tree.Snapshot(limited)
	if err := ctx.Err(); err != nil {
		return host{}, fmt.Errorf("interrupted, nothing done: %w", err)
	}
	if !look.Registry.OK() {
		err := look.Registry.Err
		return host{}, fmt.Errorf("%w: %w; %s", errRegistry, err, aipass.Remedy(aipass.RegistryFile, err))
	}
	return host{tree, look, options}, nil
}

// openMail finds the host, for looks at its mail.
func (f *sharedFlags) openMail() (aipass.Tree, mailbox.Options, error) {
	tree, err := f.host.MailTree()
	if err != nil {
		return aipass.Tree{}, mailbox.Options{}, err
	}
	options, err := f.mailbox()
	return tree, options, err
}

// openToChange is openHost for a run that changes mail: with a journal, and
// with what happens to the mailboxes counted in the state.
func (f *sharedFlags) openToChange(ctx context.Context, state *actions.State) (host, cleanup.Journal, error) {
	h, err := f.openHost(ctx)
	if err == nil {
		err = h.mayUse(state)
	}
	if err != nil {
		return host{}, cleanup.Journal{}, err
	}
	h.mailbox.Observer = actions.Observe(&state.Mailbox)
	journal, err := f.journal()
	return h, journal, err
}

// today is the date of the look, on the host's own clock.
func (h host) today() string { return h.look.Taken.In(h.mailbox.Location).Format(time.DateOnly) }

// names are those of all branches.
func names(s *aipass.Snapshot) []string {
	list := make([]string, 0, len(s.Branches))
	for i := range s.Branches {
		list = append(list, s.Branches[i].Name)
	}
	return list
}

// branches are the host's, or those of them that have been named.
func (h host) branches(named []string) ([]*aipass.Branch, error) {
	var chosen []*aipass.Branch
	for i := range h.look.Branches {
		if b := &h.look.Branches[i]; len(named) == 0 || slices.Contains(named, b.Name) {
			chosen = append(chosen, b)
		}
	}
	for _, name := range named {
		if !slices.ContainsFunc(chosen, func(b *aipass.Branch) bool { return b.Name == name }) {
			return nil, cli.Usage(fmt.Errorf("--branch: %q is not in the registry of %s", name, h.tree.Root()))
		}
	}
	return chosen, nil
}

// mayUse refuses the state of another host: both may have branches of one name.
func (h host) mayUse(state *actions.State) error {
	home := h.tree.Root()
	if state.Home != "" && !sameDirectory(state.Home, home) {
		return cli.Usage(fmt.Errorf("this state is that of %s: name another directory with --state.dir for %s", state.Home, home))
	}
	return nil
}

// sameDirectory says whether two paths lead to one place.
func sameDirectory(a, b string) bool {
	if a == b {
		return true
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// countCentrally brings AIPass's own count of the mail up to date. That is a
// cache, which AIPass makes anew: a fault costs a line in the log.
func (h host) countCentrally(ctx context.Context, changed map[string]mailbox.Count, logger *slog.Logger) {
	if len(changed) > 0 {
		h.countAllCentrally(ctx, changed, logger)
	}
}

func (h host) countAllCentrally(ctx context.Context, changed map[string]mailbox.Count, logger *slog.Logger) {
	if h.look.Incomplete != nil {
		return
	}
	today := h.look.Taken.In(h.mailbox.Location)
	if err := central.UpdateMail(ctx, h.tree, h.look, changed, today); err != nil {
		logger.Warn("central count of mail not brought up to date", "err", err, "remedy", mailbox.Remedy(err))
	}
}
