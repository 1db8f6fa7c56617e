// Command aipass-actions is the hands of an AIPass host: it opens and closes
// mail that nobody looks after (cleanup), tells what it did (journal), and puts
// it back (undo). It makes mail of alerts (webhook) and of what somebody has to
// say (notify), and tells what was told to whom (history). It writes the daily
// report (report), says how its jobs stand (status), does those that were missed
// (catch-up), and proves that what goes wrong is heard of (doctor).
//
// It writes to mailboxes, to AIPass's central folder, to its own state
// directory and to the textfile directory, and nowhere else.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

const help = `Looks after an AIPass host: opens mail that has gone stale, closes mail that nobody closes, undoes that, makes mail of alerts, and reports on the host.

See the README for a start, docs/mailbox.md for what is promised to whoever's mail it is, docs/receiver.md for alerts, docs/schedule.md for what runs when.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	sys := cli.System{Getenv: os.Getenv, WorkingDir: os.Getwd, Clock: time.Now, Stdin: os.Stdin}
	os.Exit(program().Run(ctx, os.Args[1:], sys, os.Stdout, harmlessLog{os.Stderr}))
}

func program() cli.Program {
	return cli.Program{Name: "aipass-actions", Help: help, Commands: func(r cli.Room) {
		shared := addSharedFlags(r)
		addRun(r, shared)
		addCleanup(r, shared)
		addUndo(r, shared)
		addJournal(r, shared)
		addReport(r, shared)
		addStatus(r, shared)
		addCatchUp(r, shared)
		addCron(r, shared)
		addDoctor(r, shared)
		addWebhook(r, shared)
		addNotify(r, shared)
		addHistory(r, shared)
	}}
}
