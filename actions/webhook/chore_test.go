package webhook

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAChoreIsDoneOnceForAllWhoAskMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		done := atomic.Int32{}
		c := NewChore(func() {
			time.Sleep(time.Minute) // of the bubble's clock
			done.Add(1)
		})
		c.Ask()
		synctest.Wait()
		for range 1000 {
			c.Ask()
		}
		time.Sleep(time.Hour)
		if got := done.Load(); got != 2 {
			t.Errorf("done %d times, want 2", got)
		}
		c.Finish()
	})
}

// However often it is asked for, it takes no more than a tenth of the time.
func TestAChoreRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		done := 0
		c := NewChore(func() {
			time.Sleep(time.Minute)
			done++
		})
		for range 60 {
			c.Ask()
			time.Sleep(time.Minute)
		}
		c.Finish()
		if done > 7 || done < 5 {
			t.Errorf("done %d times in an hour", done)
		}
	})
}

func TestWhatWasAskedForIsDoneBeforeTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		done := 0
		c := NewChore(func() { done++ })
		c.Ask()
		synctest.Wait()
		c.Ask() // while it rests
		c.Finish()
		if done != 2 {
			t.Errorf("done %d times, want 2", done)
		}
	})
}
