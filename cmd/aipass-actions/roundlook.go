package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/logscan"
)

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
	c.State = dir
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
	r.fault(collectPart, taken.Whole)
	return r.write(taken)
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
		r.written <- taken.PublishPage(r.textfilePath(look.MetricsFile), r.page.Bytes())
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
