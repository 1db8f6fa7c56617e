package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

// measure runs a command once unseen, which fills the page cache and whatever
// state the command keeps, and then as often as told. It returns the median of
// the wall times and the highest memory peak in bytes.
func measure(c contestant, runs int) (median time.Duration, peak int64, err error) {
	if _, _, err := c.once(); err != nil {
		return 0, 0, err
	}
	times := make([]time.Duration, runs)
	for i := range times {
		wall, rss, err := c.once()
		if err != nil {
			return 0, 0, err
		}
		times[i], peak = wall, max(peak, rss)
	}
	slices.Sort(times)
	return times[len(times)/2], peak, nil
}

func (c contestant) once() (wall time.Duration, peak int64, err error) {
	wall, peak, err = once(c.command())
	if err == nil {
		err = c.putBack()
	}
	return wall, peak, err
}

func once(argv []string) (wall time.Duration, peak int64, err error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	started := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("%s: %w: %s", argv[0], err, strings.TrimSpace(complaint.String()))
	}
	wall = time.Since(started)
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, 0, fmt.Errorf("%s: no resource usage on this system", argv[0])
	}
	return wall, usage.Maxrss * 1024, nil // Linux counts in kibibytes
}

// forgetPeak gives back what laying the host took and forgets that it was
// taken. A child starts out in its parent's memory, and Linux takes the peak of
// that for the child's own: without this, every small contestant would seem to
// need as much as we did.
func forgetPeak() error {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}
