package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/internal/textfile"
)

func addLint(app *kingpin.Application, _ *hostFlags, stdout io.Writer) (string, func(*slog.Logger) command) {
	cmd := app.Command("lint", "Read textfile directories as node_exporter would and say what would be lost, and what would crash it. Any program's files.")
	paths := cmd.Arg("path", "Textfile directories, .prom files, or patterns as node_exporter takes them.").Required().Strings()
	style := cmd.Flag("style", "Report breaches of Prometheus' naming conventions as well.").Bool()
	return cmd.FullCommand(), func(*slog.Logger) command {
		return func(context.Context) error { return lint(*paths, *style, stdout) }
	}
}

// lint prints one finding a line. Its exit code is 1 if there are any.
func lint(paths []string, style bool, stdout io.Writer) error {
	reported := 0
	for _, f := range textfile.Lint(paths) {
		if f.Effect.LosesData() || style {
			fmt.Fprintln(stdout, f.Error())
			reported++
		}
	}
	if reported > 0 {
		return errFindings
	}
	fmt.Fprintln(stdout, "nothing found")
	return nil
}
