package demoday

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// Jobs are what aipass-actions does from cron, and the state that it and the
// receiver count in.
type jobs struct {
	tree     aipass.Tree
	receiver *receiver
	journal  cleanup.Journal
	now      func() time.Time
	state    actions.State
	names    []string // of the branches
	textfile history.Textfile
}

func newJobs(tree aipass.Tree, r *receiver, dir string, now func() time.Time) *jobs {
	return &jobs{tree: tree, receiver: r, journal: cleanup.Journal{Dir: filepath.Join(dir, "journal")}, now: now}
}

// run does what is due at a full hour.
func (j *jobs) run(ctx context.Context) error {
	started := time.Now()
	results, err := j.cleanup(ctx)
	if err != nil {
		return err
	}
	failed := j.total(results)
	j.state.Ran("cleanup", j.now(), time.Since(started), interval, !failed)
	if j.now().Hour() == 8 || len(j.state.Actions) == 1 {
		j.state.Ran("report", j.now(), time.Since(started), 24*time.Hour, true)
	}
	return nil
}

func (j *jobs) cleanup(ctx context.Context) ([]cleanup.Result, error) {
	look := j.tree.Snapshot(ctx)
	branches := make([]*aipass.Branch, len(look.Branches))
	j.names = j.names[:0]
	for i := range look.Branches {
		branches[i] = &look.Branches[i]
		j.names = append(j.names, branches[i].Name)
	}
	run := j.journal.Begin(j.now(), j.tree.Root())
	// Mail is closed sooner than by default: the day is too short for that.
	rules := cleanup.Rules{StaleNew: 48 * time.Hour, CloseOpened: 60 * time.Hour, MinOpen: 12 * time.Hour}
	j.state.MailCleanup.Ages = actions.CleanupAges{
		StaleNew: rules.StaleNew.Seconds(), CloseOpened: rules.CloseOpened.Seconds(), MinOpen: rules.MinOpen.Seconds(),
	}
	c := cleanup.Cleanup{
		Rules: rules, Now: look.Taken, Journal: run, Sender: "@trigger",
		Mailbox: mailbox.Options{Location: time.UTC, Now: j.now, Observer: j.receiver.observer},
	}
	results := c.Run(ctx, branches)
	return results, errors.Join(ctx.Err(), run.Close())
}

// total adds a cleanup to the totals, and says whether a branch failed.
func (j *jobs) total(results []cleanup.Result) (failed bool) {
	j.state.MailCleanup.Register(j.names)
	for _, r := range results {
		t := actions.CleanupTotals{AutoOpened: len(r.Opened), AutoClosed: len(r.Closed)}
		if r.Err != nil {
			t.Errors, failed = 1, true
		}
		j.state.MailCleanup.Add(r.Branch, t)
	}
	return failed
}

// count takes over what the receiver has counted, and writes the textfile.
func (j *jobs) count() error {
	if err := j.receiver.observer.Save(func(counted *actions.State) error {
		j.state.Count(counted)
		return nil
	}); err != nil {
		return err
	}
	j.state.Notifications.Register(j.names)
	var text bytes.Buffer
	if err := actions.WriteMetrics(&text, &j.state); err != nil {
		return err
	}
	if !bytes.Equal(text.Bytes(), j.textfile.Text) {
		j.textfile = history.Textfile{Path: textfiles + actions.MetricsFile, ModTime: j.now(), Text: text.Bytes()}
	}
	return nil
}
