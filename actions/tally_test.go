package actions

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func tallied(t *Tally) {
	t.Notified("DRONE", NotificationTotals{Delivered: 1})
	t.LockWaited(50 * time.Millisecond)
	t.TornRead()
	t.LostUpdate()
}

// Others have counted in the same state meanwhile.
func TestWhatWasCountedIsAddedToTheState(t *testing.T) {
	t.Parallel()
	state, want := small(), small()
	want.Notifications.Add("DRONE", NotificationTotals{Delivered: 1})
	o := Observe(&want.Mailbox)
	o.LockWaited(50 * time.Millisecond)
	o.TornRead()
	o.LostUpdate()
	var tally Tally
	tallied(&tally)
	for range 2 { // the second time there is nothing to add
		must(t, tally.Save(func(counted *State) error {
			state.Count(counted)
			return nil
		}))
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatCouldNotBeSavedIsKept(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	var tally Tally
	tallied(&tally)
	err := tally.Save(func(*State) error {
		tallied(&tally) // while the disk is busy
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	var state State
	must(t, tally.Save(func(counted *State) error {
		state.Count(counted)
		return nil
	}))
	want := MailboxState{LockWaits: LockWaits{Buckets: []uint64{0, 0, 2, 0, 0}, Count: 2, SumSeconds: .1}, TornReads: 2, LostUpdates: 2}
	if diff := cmp.Diff(want, state.Mailbox); diff != "" || state.Notifications.Branches["DRONE"].Delivered != 2 {
		t.Errorf("%+v, -want +got:\n%s", state.Notifications, diff)
	}
}

func TestManyCountWhileItIsSaved(t *testing.T) {
	t.Parallel()
	var tally Tally
	var state State
	save := func() {
		must(t, tally.Save(func(counted *State) error {
			state.Count(counted)
			return nil
		}))
	}
	var workers sync.WaitGroup
	for range 50 {
		workers.Go(func() { tallied(&tally) })
		save()
	}
	workers.Wait()
	save()
	if m := state.Mailbox; m.TornReads != 50 || m.LostUpdates != 50 || m.LockWaits.Count != 50 || state.Notifications.Branches["DRONE"].Delivered != 50 {
		t.Errorf("got %+v", state)
	}
}
