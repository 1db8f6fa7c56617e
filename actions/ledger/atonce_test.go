package ledger

import (
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestManyAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	l := newLedger(t, 1<<20)
	var writers sync.WaitGroup
	for n := range 100 {
		writers.Go(func() {
			if err := l.Append(numbered(n), numbered(n)); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	count := map[string]int{}
	for _, m := range messages(t, l) {
		count[m]++
	}
	for n := range 100 {
		if got := count[strconv.Itoa(n)]; got != 2 {
			t.Errorf("%d is there %d times", n, got)
		}
	}
}

// Programs that write into one ledger, and move it aside under each other's
// hands, tear no line: what is there is whole, and in each one's order.
func TestManyProgramsTearNothing(t *testing.T) {
	t.Parallel()
	l := newLedger(t, small)
	var programs []*exec.Cmd
	for range 4 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), writerOf+"="+l.Path)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		must(t, cmd.Start())
		programs = append(programs, cmd)
	}
	for _, cmd := range programs {
		must(t, cmd.Wait())
	}
	next, entries := map[string]int{}, 0
	must(t, l.Read(time.Time{}, func(e Entry) {
		n, err := strconv.Atoi(e.Message)
		if last, seen := next[e.Branch]; err != nil || seen && n != last {
			t.Errorf("%s: %s, want %d", e.Branch, e.Message, last)
		}
		next[e.Branch], entries = n+1, entries+1
	}))
	if entries < 30 {
		t.Errorf("only %d entries are left", entries)
	}
}
