package aipass

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// A look at a host that has not changed since the last; collectors has that of
// the first, and stat of the same files.
func BenchmarkLookAgain(b *testing.B) {
	const branches = 1000
	home := filepath.Join(b.TempDir(), "host")
	if err := demohost.Generate(home, branches, time.Now()); err != nil {
		b.Fatal(err)
	}
	tree, err := Open(home, Options{})
	if err != nil {
		b.Fatal(err)
	}
	tree.quiet = -time.Hour
	var saved bytes.Buffer
	if err := tree.Recalling(nil, aBuild).Snapshot(b.Context()).Recollection.Save(&saved); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if s := tree.Recalling(saved.Bytes(), aBuild).Snapshot(b.Context()); len(s.Branches) != branches || s.Recollection.Changed() {
			b.Fatalf("%d branches, changed: %t", len(s.Branches), s.Recollection.Changed())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*branches), "µs/branch")
}
