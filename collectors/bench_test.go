package collectors_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// Each benchmark has a neighbour that does what cannot be done with less: for a
// look, stat of the same files. The whole program is measured by make bench.

var sizes = []int{30, 1000}

func generated(b *testing.B, branches int) aipass.Tree {
	b.Helper()
	home := filepath.Join(b.TempDir(), "host")
	if err := demohost.Generate(home, branches, time.Now()); err != nil {
		b.Fatal(err)
	}
	tree, err := aipass.Open(home, aipass.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return tree
}

func perBranch(b *testing.B, branches int) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*branches), "µs/branch")
}

func BenchmarkLook(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%d branches", n), func(b *testing.B) {
			tree := generated(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if s := tree.Snapshot(context.Background()); len(s.Branches) != n || s.Incomplete != nil {
					b.Fatalf("%d branches, %v", len(s.Branches), s.Incomplete)
				}
			}
			perBranch(b, n)
		})
	}
}

func BenchmarkStatOfTheSameFiles(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%d branches", n), func(b *testing.B) {
			paths := files(b, generated(b, n).Root())
			for b.Loop() {
				for _, path := range paths {
					if _, err := os.Lstat(path); err != nil {
						b.Fatal(err)
					}
				}
			}
			perBranch(b, n)
		})
	}
}

func files(b *testing.B, root string) []string {
	b.Helper()
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return paths
}

func BenchmarkWriteText(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%d branches", n), func(b *testing.B) {
			l := collectors.Look{Snapshot: generated(b, n).Snapshot(context.Background()), Started: time.Now()}
			cs := collectors.All(options)
			b.ReportAllocs()
			for b.Loop() {
				if err := collectors.WriteText(io.Discard, l, cs, slog.New(slog.DiscardHandler)); err != nil {
					b.Fatal(err)
				}
			}
			perBranch(b, n)
		})
	}
}
