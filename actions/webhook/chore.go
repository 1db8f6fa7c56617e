package webhook

import (
	"sync"
	"time"
)

// A Chore is work that follows requests and is none of theirs. It is done by
// one at a time, and once for all who ask meanwhile.
type Chore struct {
	asked  chan struct{}
	over   chan struct{}
	worker sync.WaitGroup
}

const (
	// pause is the least time between one time and the next.
	pause = time.Second
	// share is the largest part of the time that a chore may take: a tenth.
	share = 10
)

// NewChore does it whenever somebody asks, until Finish.
func NewChore(do func()) *Chore {
	c := &Chore{asked: make(chan struct{}, 1), over: make(chan struct{})}
	c.worker.Go(func() { c.work(do) })
	return c
}

// Ask has it done soon, and does not wait for that.
func (c *Chore) Ask() {
	select {
	case c.asked <- struct{}{}:
	default: // it will be done for somebody else
	}
}

// Finish does what has been asked for, and nothing more after that.
func (c *Chore) Finish() {
	close(c.over)
	c.worker.Wait()
}

func (c *Chore) work(do func()) {
	for {
		select {
		case <-c.asked:
			started := time.Now()
			do()
			c.rest(max(pause, share*time.Since(started)))
		case <-c.over:
			select {
			case <-c.asked:
				do()
			default:
			}
			return
		}
	}
}

func (c *Chore) rest(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.over:
	}
}
