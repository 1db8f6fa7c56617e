package main

import (
	"context"
	"fmt"
	"io"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

func addLint(r cli.Room) {
	cmd := r.App.Command("lint", "Read textfile directories as node_exporter would and say what would be lost, and what would crash it. Any program's files.")
	paths := cmd.Arg("path", "Textfile directories, .prom files, or patterns as node_exporter takes them.").Required().Strings()
	style := cmd.Flag("style", "Report breaches of Prometheus' naming conventions as well.").Bool()
	r.Add(cmd, func(context.Context) error { return lint(*paths, *style, r.Stdout) })
}

// lint prints one finding a line.
func lint(paths []string, style bool, stdout io.Writer) error {
	reported := 0
	for _, f := range textfile.Lint(paths) {
		if !f.Effect.LosesData() && !style {
			continue
		}
		if _, err := fmt.Fprintln(stdout, f.Error()); err != nil {
			return fmt.Errorf("write findings: %w", err)
		}
		reported++
	}
	if reported > 0 {
		return cli.ErrSaid
	}
	_, err := fmt.Fprintln(stdout, "nothing found")
	return err
}
