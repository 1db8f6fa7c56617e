package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
)

func addCheck(r cli.Room) {
	cmd := r.App.Command("check", "Show what stands where on the host, as a table. Exit code 1 if something is wrong.")
	host := look.AddHostFlags(cmd, r.Sys, "1m")
	asJSON := cmd.Flag("json", "Print the same as JSON.").Bool()
	r.Add(cmd, func(ctx context.Context) error {
		return check(ctx, host, *asJSON, r.Stdout, cli.WantsColour(r.Stdout, r.Sys.Getenv))
	})
}

// check states facts. What it calls wrong is a file that AIPass needs and
// cannot use, or memory beyond AIPass's own limit; stale mail is shown, and is
// the alert rules' to judge.
func check(ctx context.Context, host *look.HostFlags, asJSON bool, stdout io.Writer, colour bool) error {
	tree, err := host.Tree()
	if err != nil {
		return err
	}
	s, err := look.TakeSnapshot(ctx, tree, host.Timeout)
	if err != nil {
		return err
	}
	status := newHostStatus(tree.Root(), s, host.StaleNew, host.StaleOpened)
	if asJSON {
		out := json.NewEncoder(stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		err = out.Encode(status)
	} else {
		err = writeTable(stdout, status, colour)
	}
	switch {
	case err != nil:
		return fmt.Errorf("write: %w", err)
	case !status.Healthy:
		return cli.ErrSaid
	}
	return nil
}
