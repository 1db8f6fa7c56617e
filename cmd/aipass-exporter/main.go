// Command aipass-exporter looks at a whole AIPass host once and says what it
// found: as a textfile for node_exporter (collect), over HTTP (serve), or as a
// table for people (check). It also reads any textfile directory as
// node_exporter would (lint).
//
// It only ever writes the file it was told to, and never below the AIPass home.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // --aipass.timezone works on hosts without a zone database
)

// gcPercent trades a little time for memory: what a look keeps is small beside
// what it throws away.
const gcPercent = 50

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], system{os.Getenv, os.Getwd}, os.Stdout, os.Stderr))
}

// A system is what a command learns of its surroundings.
type system struct {
	getenv     func(string) string
	workingDir func() (string, error)
}

// The exit codes: 0 is done, and with check and lint that nothing is wrong.
const (
	exitFault = 1 // not done, or not all of it; check, lint: something is wrong
	exitUsage = 2 // could not begin: wrong command line, no such host
)

// An exitError ends the process with a code of its own; without err all there
// is to say has been said.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// errSaid: something is wrong, and it has been said what.
var errSaid = exitError{code: exitFault}

// usage makes an error one of the command line.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return exitError{exitUsage, err}
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, sys system, stdout, stderr io.Writer) int {
	command, err := parse(args, sys, stdout, stderr)
	if err == nil {
		err = command(ctx)
	}
	var exit exitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		exit = exitError{exitFault, err}
	}
	if exit.err != nil {
		fmt.Fprintln(stderr, "aipass-exporter:", exit.err)
	}
	return exit.code
}
