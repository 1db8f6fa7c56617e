package report

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/fleettest"
)

// now is when every report is written.
var now = fleettest.Taken

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sourceOf looks at a host of which nothing is remembered.
func sourceOf(t *testing.T, root string) Source {
	t.Helper()
	tree, err := aipass.Open(root, aipass.Options{Location: time.UTC, Now: func() time.Time { return now }})
	must(t, err)
	look := tree.Snapshot(t.Context())
	return Source{
		Home: "/home/aipass", Date: now.Format(time.DateOnly), To: now, Look: look,
		Traffic: tree.Traffic(t.Context(), look, now.Add(-Window), now),
		State:   &actions.State{},
		Undo:    func(run string) string { return "aipass-actions undo " + run },
		Ages:    Ages{New: 48 * time.Hour, Opened: 24 * time.Hour},
	}
}

// lay makes a host of a txtar archive, written long ago.
func lay(t *testing.T, archive string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "host.txtar")
	must(t, os.WriteFile(file, txtar.Format(txtar.Parse([]byte(archive))), 0o644))
	return fleettest.Lay(t, file)
}

// written is the text of a report, without where the test laid its host.
func written(t *testing.T, s Source, root string) string {
	t.Helper()
	r, err := New(t.Context(), s)
	must(t, err)
	return strings.ReplaceAll(r.Text, root, "$HOST")
}

// compare compares with a golden file. UPDATE=1 writes it anew, to be read
// before it is committed.
func compare(t *testing.T, golden, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		must(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A record is a history that has been written down: the answers by question.
type record map[string][]Series

var errNotRecorded = errors.New("not on record")

func (r record) Range(_ context.Context, promql string, from, _ time.Time, step time.Duration) ([]Series, error) {
	series, ok := r[promql]
	if !ok {
		return nil, errNotRecorded
	}
	for _, s := range series {
		for i := range s.Points {
			s.Points[i].Time = from.Add(time.Duration(i) * step)
		}
	}
	return series, nil
}

// points are values, one a step.
func points(values ...float64) (list []Point) {
	for _, v := range values {
		list = append(list, Point{Value: v})
	}
	return list
}

// of is a series of a branch, with more labels in pairs.
func of(branch string, value float64, more ...string) Series {
	labels := map[string]string{"branch": branch}
	for i := 0; i < len(more); i += 2 {
		labels[more[i]] = more[i+1]
	}
	return Series{labels, points(value)}
}
