package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A round is one run. Each of its parts has what is left of the others, and one
// that fails costs no other its turn.
type round struct {
	*runFlags
	dir     string // of the state
	state   *actions.State
	logger  *slog.Logger
	started time.Time

	host      host
	page      bytes.Buffer              // the metrics of the host
	written   chan error                // what became of the textfile; nil if there is to be none
	evaluator *alerting.Evaluator       // nil if nothing is to be evaluated
	evaluated bool                      // the rules, in this round
	untold    []engine.Alert            // alerts that no mail tells of
	recent    map[string]central.Recent // what logs said of late, by branch
	mail      map[string]mailbox.Count  // what has changed since the look, by branch
	mailed    bool                      // by the desk, which does not say how much mail there is
	report    *roundReport
	failed    bool
}

// make does all of it. Its error is nothing that has not been said, unless the
// round could not begin.
func (r *round) make(ctx context.Context) error {
	if err := r.find(); err != nil {
		return err
	}
	r.begin()
	defer r.end()
	err := r.look(ctx)
	if r.host.look == nil {
		return err
	}
	r.fault(collectPart, err)
	r.report = newRoundReport(r)
	r.evaluate(ctx)
	r.fault(collectPart, r.textfileWritten())
	if r.host.look.Registry.OK() {
		r.clean(ctx)
		r.summarise(ctx)
		r.fire(ctx, r.central(ctx))
	}
	r.state.Ran(runJob, r.started, r.shared.now().Sub(r.started), r.interval, !r.failed && ctx.Err() == nil)
	return r.outcome(ctx)
}

func (r *round) outcome(ctx context.Context) error {
	registry := &r.host.look.Registry
	switch {
	case !registry.OK():
		return cli.Usage(fmt.Errorf("%w: %w; %s", errRegistry, registry.Err, aipass.Remedy(aipass.RegistryFile, registry.Err)))
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted, the rest is left to the next run: %w", ctx.Err())
	case r.failed:
		return cli.ErrSaid
	}
	return nil
}

// fault tells of something that costs a part of the round, unless it has been told.
func (r *round) fault(part string, err error) {
	if err == nil {
		return
	}
	r.failed = true
	if !errors.Is(err, cli.ErrSaid) {
		r.logger.Error("a part of the run failed, the others are done", "part", part, "err", err)
	}
}

// find finds the host, which must be that of the state.
func (r *round) find() error {
	tree, err := r.shared.host.Tree()
	if err != nil {
		return err
	}
	options, err := r.shared.mailbox()
	if err != nil {
		return err
	}
	r.host = host{tree: tree, mailbox: options}
	if err := r.host.mayUse(r.state); err != nil {
		return err
	}
	r.state.Home = tree.Root()
	r.host.mailbox.Observer = actions.Observe(&r.state.Mailbox)
	r.mail = map[string]mailbox.Count{}
	return nil
}

// clean looks after stale mail.
func (r *round) clean(ctx context.Context) {
	if r.skips(cleanupPart) || ctx.Err() != nil {
		return
	}
	started := r.shared.now()
	cleaned, err := r.cleaned(ctx, started)
	r.fault(cleanupPart, err)
	r.state.Ran(cleanupJob, started, r.shared.now().Sub(started), 0, err == nil)
	if cleaned == nil {
		return
	}
	r.report.cleanup(cleaned.report)
	maps.Copy(r.mail, cleaned.mail)
}

func (r *round) cleaned(ctx context.Context, started time.Time) (*cleaned, error) {
	if r.dryRun {
		return r.cleanup.clean(ctx, r.host, nil, r.state, r.logger)
	}
	journal, err := r.shared.journal()
	if err != nil {
		return nil, err
	}
	return r.cleanup.cleanWith(ctx, r.host, journal, started, r.state, r.logger)
}
