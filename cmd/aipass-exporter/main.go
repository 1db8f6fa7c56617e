// Command aipass-exporter looks at a whole AIPass host once and says what it
// found: as a textfile for node_exporter (collect), over HTTP (serve), or as a
// table for people (check). It also reads any textfile directory as
// node_exporter would (lint).
//
// It only ever writes the file it was told to, and never below the AIPass home.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

const help = `Metrics of an AIPass host: memory, mail, logs, dashboards and agents of every branch.

It reads the host and writes nothing below it. See the README for a start, docs/metrics.md for what each metric means.`

// gcPercent trades a little time for memory: what a look keeps is small beside
// what it throws away.
const gcPercent = 50

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	sys := cli.System{Getenv: os.Getenv, WorkingDir: os.Getwd}
	os.Exit(program().Run(ctx, os.Args[1:], sys, os.Stdout, os.Stderr))
}

func program() cli.Program {
	return cli.Program{Name: "aipass-exporter", Help: help, Commands: func(r cli.Room) {
		newLogger := r.AddLogFlags()
		addCollect(r, newLogger)
		addServe(r, newLogger)
		addCheck(r)
		addLint(r)
	}}
}
