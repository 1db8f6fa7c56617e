package demohost

import (
	"errors"
	"runtime"
	"sync/atomic"
)

// inParallel does work for 0 to n-1. Writing files waits more than it computes,
// hence more workers than cores.
func inParallel(n int, work func(i int) error) error {
	var next atomic.Int64
	workers := 4 * runtime.GOMAXPROCS(0)
	done := make(chan error, workers)
	for range workers {
		go func() { done <- workOff(&next, n, work) }()
	}
	var failed error
	for range workers {
		failed = errors.Join(failed, <-done)
	}
	return failed
}

// workOff takes the next number until none is left or one fails.
func workOff(next *atomic.Int64, n int, work func(i int) error) error {
	for {
		i := int(next.Add(1)) - 1
		if i >= n {
			return nil
		}
		if err := work(i); err != nil {
			return err
		}
	}
}
