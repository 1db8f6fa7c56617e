package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
)

func addCheck(r room) {
	cmd := r.app.Command("check", "Show what stands where on the host, as a table. Exit code 1 if something is wrong.")
	host := addHostFlags(cmd, r.sys, "1m")
	asJSON := cmd.Flag("json", "Print the same as JSON.").Bool()
	r.commands[cmd.FullCommand()] = func(*slog.Logger) command {
		return func(ctx context.Context) error { return check(ctx, host, *asJSON, r.stdout) }
	}
}

// check states facts. What it calls wrong is a file that AIPass needs and
// cannot use, or memory beyond AIPass's own limit; stale mail is shown, and is
// the alert rules' to judge.
func check(ctx context.Context, host *hostFlags, asJSON bool, stdout io.Writer) error {
	tree, err := host.tree()
	if err != nil {
		return err
	}
	s, err := takeSnapshot(ctx, tree, *host.timeout)
	if err != nil {
		return err
	}
	status := newHostStatus(tree.Root(), s, *host.staleNew, *host.staleOpened)
	if asJSON {
		out := json.NewEncoder(stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		err = out.Encode(status)
	} else {
		err = writeTable(stdout, status, colour(stdout, host.sys.getenv))
	}
	switch {
	case err != nil:
		return fmt.Errorf("write: %w", err)
	case !status.Healthy:
		return errSaid
	}
	return nil
}

// colour says whether stdout is a terminal whose owner did not ask for plain text.
func colour(stdout io.Writer, getenv func(string) string) bool {
	f, ok := stdout.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
