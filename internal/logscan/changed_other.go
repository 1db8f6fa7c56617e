//go:build !linux

package logscan

import (
	"math"
	"syscall"
)

// changeNanoseconds is known by other names elsewhere; a change that is always
// recent makes every log be looked into.
func changeNanoseconds(*syscall.Stat_t) int64 { return math.MaxInt64 }
