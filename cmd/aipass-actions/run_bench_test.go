package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// BenchmarkRun is a run an hour after the last, whose alerts have been told: on the
// host nothing has changed but the time.
func BenchmarkRun(b *testing.B) {
	for _, branches := range []int{30, 2000} {
		b.Run(fmt.Sprintf("branches=%d", branches), func(b *testing.B) {
			home, state, now := filepath.Join(b.TempDir(), "host"), b.TempDir(), time.Now()
			if err := demohost.Generate(home, branches, now); err != nil {
				b.Fatal(err)
			}
			run := func() {
				sys := cli.System{Getenv: func(string) string { return "" }, WorkingDir: os.Getwd, Clock: func() time.Time { return now }}
				args := []string{"run", "--skip=cleanup", "--aipass.home=" + home, "--state.dir=" + state, "--textfile.directory=" + state, "--log.level=error"}
				if code := program().Run(context.Background(), args, sys, io.Discard, os.Stderr); code != 0 {
					b.Fatalf("exit code %d", code)
				}
				now = now.Add(time.Hour)
			}
			run()
			for b.Loop() {
				run()
			}
		})
	}
}
