package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/logscan"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
	"github.com/aiosai/aipass-exporter/internal/textfile"
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
	r.failed = err != nil
	r.report = newRoundReport(r)
	usable := r.host.look.Registry.OK()
	r.evaluate(ctx)
	r.fault(collectPart, r.textfileWritten())
	if usable {
		r.clean(ctx)
		r.summarise(ctx)
		r.fire(ctx, r.central(ctx))
	}
	r.state.Ran(runJob, r.started, r.shared.now().Sub(r.started), r.interval, !r.failed && ctx.Err() == nil)
	switch {
	case !usable:
		err := r.host.look.Registry.Err
		return cli.Usage(fmt.Errorf("%w: %w; %s", errRegistry, err, aipass.Remedy(aipass.RegistryFile, err)))
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted, the rest is left to the next run: %w", ctx.Err())
	case r.failed:
		return cli.ErrSaid
	}
	return nil
}

// fault tells of something that costs a part of the round.
func (r *round) fault(part string, err error) {
	if err != nil {
		r.failed = true
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

// look looks at the host as the exporter does, and writes its textfile.
func (r *round) look(ctx context.Context) error {
	c := look.Collection{
		Tree: r.host.tree, Timeout: r.shared.host.Timeout, Interval: r.interval, Collectors: r.collectors.Chosen(r.AgeFlags),
		Faults: new(look.FaultLog), Logger: r.logger,
	}
	dir := r.dir
	if r.dryRun {
		temp, err := r.countsCopied()
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		dir = temp
	}
	var err error
	if c.Logs, err = r.logs.Counter(c.Tree, r.shared.host, c.Collectors, dir, r.logger); err != nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, r.wait)
	defer cancel()
	return look.RememberIn(patient, dir, c.Faults, r.logger, func() error { return r.take(ctx, c) })
}

// countsCopied is a directory in which log messages can be counted on, and which
// is to be removed.
func (r *round) countsCopied() (string, error) {
	temp, err := os.MkdirTemp("", "aipass-dry-run-")
	if err != nil {
		return "", err
	}
	counts, err := os.ReadFile(filepath.Join(r.dir, logscan.StateFile))
	if err == nil {
		err = os.WriteFile(filepath.Join(temp, logscan.StateFile), counts, 0o600)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", errors.Join(err, os.RemoveAll(temp))
	}
	return temp, nil
}

// take keeps the snapshot, for the other parts look at it too.
func (r *round) take(ctx context.Context, c look.Collection) error {
	taken, err := c.Take(ctx)
	if err != nil {
		return err
	}
	r.host.look = taken.Snapshot
	err = r.write(taken)
	if taken.Whole != nil && !errors.Is(taken.Whole, cli.ErrSaid) {
		r.logger.Error("look not whole", "err", taken.Whole)
	}
	if err == nil && taken.Whole != nil {
		err = cli.ErrSaid
	}
	return err
}

// write keeps the metrics and, if somebody wants it, begins to write the textfile,
// which is checked meanwhile.
func (r *round) write(taken *look.Taken) error {
	if err := taken.Write(&r.page); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	if r.shared.textfile == "" || r.dryRun || r.skips(collectPart) {
		return nil
	}
	r.written = make(chan error, 1)
	go func() {
		r.written <- textfile.Write(r.textfilePath(look.MetricsFile), func(w io.Writer) error {
			_, err := w.Write(r.page.Bytes())
			return err
		})
	}()
	return nil
}

// textfileWritten waits until it is, and says what became of it.
func (r *round) textfileWritten() error {
	if r.written == nil {
		return nil
	}
	return <-r.written
}

// textfilePath is where a textfile is, or what it would be called.
func (r *round) textfilePath(name string) string { return filepath.Join(r.shared.textfile, name) }

// clean looks after stale mail.
func (r *round) clean(ctx context.Context) {
	if r.skips(cleanupPart) || ctx.Err() != nil {
		return
	}
	started := r.shared.now()
	cleaned, err := r.cleaned(ctx, started)
	if err != nil && !errors.Is(err, cli.ErrSaid) {
		r.logger.Error("mail not cleaned up", "err", err)
	}
	r.failed = r.failed || err != nil
	r.state.Ran(cleanupJob, started, r.shared.now().Sub(started), 0, err == nil)
	if cleaned == nil {
		return
	}
	r.report.cleanup(cleaned.report)
	maps.Copy(r.mail, cleaned.mail)
}

func (r *round) cleaned(ctx context.Context, started time.Time) (*cleaned, error) {
	if r.dryRun {
		return r.runFlags.cleanup.clean(ctx, r.host, nil, r.state, r.logger)
	}
	journal, err := r.shared.journal()
	if err != nil {
		return nil, err
	}
	return r.runFlags.cleanup.cleanWith(ctx, r.host, journal, started, r.state, r.logger)
}
