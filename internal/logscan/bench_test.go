package logscan

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Each benchmark has a neighbour that does what cannot be done with less.

const (
	benchFiles = 300
	benchMore  = 1 << 20 // bytes between two counts
)

// benchFleet has so many logs of so many bytes each.
func benchFleet(b *testing.B, size int) (*fleet, *aipass.Snapshot) {
	b.Helper()
	f := newFleet(b)
	text := string(generatedLog(size))
	for i := range benchFiles {
		f.append(benchLog(i), text)
	}
	return f, f.look(b.Context())
}

func benchLog(i int) string { return fmt.Sprintf("drone/logs/ops_%03d.log", i) }

func (f *fleet) mustCount(s *aipass.Snapshot) {
	f.t.Helper()
	if counts, err := f.counter.Count(f.t.Context(), s); err != nil || counts.Incomplete != nil {
		f.t.Fatal(counts, err)
	}
}

func BenchmarkFirstCount(b *testing.B) {
	f, s := benchFleet(b, 100<<10)
	b.SetBytes(benchFiles * 100 << 10)
	b.ReportAllocs()
	for b.Loop() {
		f.must(os.RemoveAll(f.counter.path()))
		f.mustCount(s)
	}
}

func BenchmarkCountOfAMegabyteMore(b *testing.B) {
	f, s := benchFleet(b, 100<<10)
	f.mustCount(s)
	more := string(generatedLog(benchMore / benchFiles))
	for b.Loop() {
		b.StopTimer()
		for i := range benchFiles {
			f.append(benchLog(i), more)
		}
		b.StartTimer()
		f.mustCount(s)
	}
}

func BenchmarkCountOfNothingMore(b *testing.B) {
	f, s := benchFleet(b, 1<<10)
	s.Taken = time.Now().Add(time.Hour)
	f.mustCount(s)
	for b.Loop() {
		f.mustCount(s)
	}
}

func BenchmarkStat(b *testing.B) {
	f, _ := benchFleet(b, 1<<10)
	for b.Loop() {
		for i := range benchFiles {
			if _, err := os.Stat(f.path(benchLog(i))); err != nil {
				b.Fatal(err)
			}
		}
	}
}
