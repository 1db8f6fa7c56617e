package logscan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A fleet is a host whose logs are counted. Its clock stands far from what the
// file system says, so that no change of a file is taken for an old one; tests
// that want that put it off.
type fleet struct {
	t       testing.TB
	home    string
	counter *Counter
	now     time.Time
}

// drone's own log is where most tests write.
const droneLog = "drone/logs/ops.log"

var droneOps = aipass.LogSource{Branch: "DRONE", Scope: aipass.BranchScope}

// newFleet has the branches DRONE, AI and AI_MAIL.
func newFleet(t testing.TB) *fleet {
	t.Helper()
	f := &fleet{t: t, home: t.TempDir(), now: time.Now()}
	f.write("AIPASS_REGISTRY.json", `{"branches": [{"name": "DRONE", "path": "drone"}, {"name": "AI", "path": "ai"}, {"name": "AI_MAIL", "path": "ai_mail"}]}`)
	for _, branch := range []string{"drone", "ai", "ai_mail"} {
		f.must(os.MkdirAll(filepath.Join(f.home, branch, "logs"), 0o755))
	}
	f.must(os.Mkdir(filepath.Join(f.home, "system_logs"), 0o755))
	f.restart(Options{Dir: filepath.Join(t.TempDir(), "state"), Location: time.UTC})
	return f
}

// restart is what the next run from cron is.
func (f *fleet) restart(o Options) { f.counter = NewCounter(f.home, o) }

func (f *fleet) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fleet) path(name string) string { return filepath.Join(f.home, name) }

// write makes a file anew, in the same inode if there is one.
func (f *fleet) write(name, text string) {
	f.t.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.path(name)), 0o755))
	f.must(os.WriteFile(f.path(name), []byte(text), 0o644))
}

func (f *fleet) append(name, text string) {
	f.t.Helper()
	file, err := os.OpenFile(f.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	f.must(err)
	_, err = file.WriteString(text)
	f.must(errors.Join(err, file.Close()))
}

func (f *fleet) rename(from, to string) {
	f.t.Helper()
	f.must(os.Rename(f.path(from), f.path(to)))
}

func (f *fleet) remove(name string) {
	f.t.Helper()
	f.must(os.Remove(f.path(name)))
}

func (f *fleet) look(ctx context.Context) *aipass.Snapshot {
	f.t.Helper()
	tree, err := aipass.Open(f.home, aipass.Options{Now: func() time.Time { return f.now }, Alive: func(int) bool { return false }})
	f.must(err)
	return tree.Snapshot(ctx)
}

// count is one run, of which nothing may go wrong.
func (f *fleet) count() *aipass.LogCounts {
	f.t.Helper()
	s := f.look(f.t.Context())
	counts, err := f.counter.Count(f.t.Context(), s)
	for errors.Is(err, ErrBusy) { // a process that another test is starting has the lock, until it is another program
		counts, err = f.counter.Count(f.t.Context(), s)
	}
	f.must(err)
	f.must(counts.Incomplete)
	return counts
}

// ops are the counts of droneLog's source after one run.
func (f *fleet) ops() aipass.LogTotals {
	f.t.Helper()
	return f.count().Of(droneOps)
}

// errors are n lines of which each is an error and no two are alike.
func lines(n int, what string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "2026-03-06 19:26:01 - captured_ops - ERROR - %s %d\n", what, i)
	}
	return text.String()
}

func (f *fleet) wantErrors(want int64, got aipass.LogTotals) {
	f.t.Helper()
	if n := got.Messages[aipass.ErrorLog]; n != want {
		f.t.Errorf("got %d errors, want %d", n, want)
	}
}
