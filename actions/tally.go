package actions

import (
	"sync"
	"time"
)

// A Tally counts for a program that lives long. What it has counted is added to
// the state from time to time, for others count in the same state meanwhile. It
// is a mailbox's Observer, and safe for concurrent use.
type Tally struct {
	mu      sync.Mutex
	counted State // notifications and mailboxes only
}

// LockWaited counts a wait for a lock.
func (t *Tally) LockWaited(wait time.Duration) {
	t.count(func(s *State) { s.Mailbox.LockWaits.observe(wait) })
}

// TornRead counts an inbox that was read half written.
func (t *Tally) TornRead() { t.count(func(s *State) { s.Mailbox.TornReads++ }) }

// LostUpdate counts a change that another program overwrote.
func (t *Tally) LostUpdate() { t.count(func(s *State) { s.Mailbox.LostUpdates++ }) }

// Notified counts what became of alerts to a branch.
func (t *Tally) Notified(branch string, n NotificationTotals) {
	t.count(func(s *State) { s.Notifications.Add(branch, n) })
}

// Save hands over what has been counted since the last time. Should save fail,
// that is kept for the next.
func (t *Tally) Save(save func(counted *State) error) error {
	var counted State
	t.count(func(s *State) { counted, *s = *s, State{} })
	err := save(&counted)
	if err != nil {
		t.count(func(s *State) { s.Count(&counted) })
	}
	return err
}

func (t *Tally) count(f func(*State)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(&t.counted)
}

// Count adds what a Tally has counted.
func (s *State) Count(counted *State) {
	for branch, n := range counted.Notifications.Branches {
		s.Notifications.Add(branch, n)
	}
	s.Mailbox.LockWaits.add(&counted.Mailbox.LockWaits)
	s.Mailbox.TornReads += counted.Mailbox.TornReads
	s.Mailbox.LostUpdates += counted.Mailbox.LostUpdates
}

func (w *LockWaits) add(more *LockWaits) {
	if more.Count == 0 {
		return
	}
	if len(w.Buckets) != len(more.Buckets) {
		*w = LockWaits{Buckets: make([]uint64, len(more.Buckets))} // none yet, or those of another version
	}
	for i, n := range more.Buckets {
		w.Buckets[i] += n
	}
	w.Count += more.Count
	w.SumSeconds += more.SumSeconds
}
