package cli

import (
	"errors"
	"fmt"
)

// The exit codes: 0 is done, and with commands that look for faults that
// nothing is wrong.
const (
	ExitFault = 1 // not done, or not all of it; or something is wrong
	ExitUsage = 2 // could not begin: wrong command line, no such host
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

// ErrSaid is for what is wrong and has been said already.
var ErrSaid error = exitError{code: ExitFault}

// Usage makes an error one of the command line.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return exitError{ExitUsage, err}
}

// IsUsage says whether an error is one of the command line.
func IsUsage(err error) bool {
	var exit exitError
	return errors.As(err, &exit) && exit.code == ExitUsage
}
