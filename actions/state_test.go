package actions

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestARunThatSucceedsIsTheLastOfBothKinds(t *testing.T) {
	t.Parallel()
	var s State
	s.Ran("cleanup", now, 1500*time.Millisecond, time.Hour, true)
	want := ActionState{LastRun: now, LastSuccess: now, LastStatus: "ok", NextRun: now.Add(time.Hour), DurationSeconds: 1.5}
	if diff := cmp.Diff(map[string]ActionState{"cleanup": want}, s.Actions); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestARunThatFailsLeavesTheLastSuccess(t *testing.T) {
	t.Parallel()
	var s State
	s.Ran("cleanup", now, time.Second, time.Hour, true)
	s.Ran("report", now, time.Second, 0, true)
	later := now.Add(time.Hour)
	s.Ran("cleanup", later, 2*time.Second, 0, false)
	want := map[string]ActionState{
		"cleanup": {LastRun: later, LastSuccess: now, LastStatus: "failed", DurationSeconds: 2}, // and nobody says when it runs next
		"report":  {LastRun: now, LastSuccess: now, LastStatus: "ok", DurationSeconds: 1},
	}
	if diff := cmp.Diff(want, s.Actions); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTotalsGoOnOverRuns(t *testing.T) {
	t.Parallel()
	var s State
	for range 3 {
		s = throughJSON(t, s) // as between two runs
		s.MailCleanup.Register([]string{"DRONE", "FLOW", "IDLE"})
		s.MailCleanup.Add("DRONE", CleanupTotals{AutoOpened: 2, AutoClosed: 1})
		s.MailCleanup.Add("FLOW", CleanupTotals{Errors: 1})
	}
	want := MailCleanup{
		Stats:    CleanupTotals{6, 3, 3},
		Branches: map[string]CleanupTotals{"DRONE": {6, 3, 0}, "FLOW": {0, 0, 3}, "IDLE": {}},
	}
	if diff := cmp.Diff(want, s.MailCleanup); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBranchesOfTheRegistryAreCountedFromZero(t *testing.T) {
	t.Parallel()
	var m MailCleanup
	m.Register([]string{"DRONE", "FLOW"})
	m.Add("DRONE", CleanupTotals{AutoOpened: 1})
	want := MailCleanup{Stats: CleanupTotals{AutoOpened: 1}, Branches: map[string]CleanupTotals{"DRONE": {AutoOpened: 1}, "FLOW": {}}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBranchesThatAreNoMoreAreForgottenAndStillCount(t *testing.T) {
	t.Parallel()
	var m MailCleanup
	m.Add("DRONE", CleanupTotals{AutoOpened: 1})
	m.Add("FLOW", CleanupTotals{AutoOpened: 2})
	m.Register([]string{"DRONE", "NEW"})
	want := MailCleanup{Stats: CleanupTotals{AutoOpened: 3}, Branches: map[string]CleanupTotals{"DRONE": {AutoOpened: 1}, "NEW": {}}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestStateComesBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	s := small()
	if diff := cmp.Diff(s, throughJSON(t, s)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// To other programs the year 1 is a time like any other.
func TestWhatHasNeverBeenHasNoTimeInTheFile(t *testing.T) {
	t.Parallel()
	var s State
	s.Ran("cleanup", now, time.Second, 0, false)
	s.Alerts.Firing = []Alert{{Name: "Own"}}
	s.MailCleanup.LeftAlone = []LeftAlone{{Branch: "DRONE"}}
	data, err := json.Marshal(s)
	must(t, err)
	if strings.Contains(string(data), "0001-01-01") {
		t.Errorf("got %s", data)
	}
}

func throughJSON(t *testing.T, s State) (back State) {
	t.Helper()
	data, err := json.Marshal(s)
	must(t, err)
	must(t, json.Unmarshal(data, &back))
	return back
}

func TestLockWaitsAreCountedUpToTheirBounds(t *testing.T) {
	t.Parallel()
	var s MailboxState
	o := Observe(&s)
	for _, wait := range []time.Duration{0, time.Millisecond, time.Millisecond + 1, 100 * time.Millisecond, 10 * time.Second, 11 * time.Second} {
		o.LockWaited(wait)
	}
	want := LockWaits{Buckets: []uint64{2, 1, 1, 0, 1}, Count: 6, SumSeconds: 21.102000001}
	s.LockWaits.SumSeconds = float64(int64(s.LockWaits.SumSeconds*1e9+.5)) / 1e9
	if diff := cmp.Diff(want, s.LockWaits); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The counts of other bounds say nothing about these.
func TestLockWaitsOfAnotherVersionBeginAnew(t *testing.T) {
	t.Parallel()
	for _, buckets := range [][]uint64{nil, {}, {1, 2}, {1, 2, 3, 4, 5, 6, 7}} {
		s := MailboxState{LockWaits: LockWaits{Buckets: buckets, Count: 99, SumSeconds: 99}, TornReads: 7}
		Observe(&s).LockWaited(10 * time.Millisecond)
		want := MailboxState{LockWaits: LockWaits{Buckets: []uint64{0, 1, 0, 0, 0}, Count: 1, SumSeconds: .01}, TornReads: 7}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Errorf("%v: -want +got:\n%s", buckets, diff)
		}
	}
}

func TestManyMailboxesAreObservedAtOnce(t *testing.T) {
	t.Parallel()
	var s MailboxState
	o := Observe(&s)
	var workers sync.WaitGroup
	for range 50 {
		workers.Go(func() {
			o.LockWaited(time.Microsecond)
			o.TornRead()
			o.LostUpdate()
			o.LostUpdate()
		})
	}
	workers.Wait()
	if s.LockWaits.Count != 50 || s.LockWaits.Buckets[0] != 50 || s.TornReads != 50 || s.LostUpdates != 100 {
		t.Errorf("got %+v", s)
	}
}

func TestMailIsNotLeftAloneForEver(t *testing.T) {
	t.Parallel()
	var s State
	for _, since := range []time.Duration{-time.Second, 0, time.Second} {
		s.MailCleanup.LeftAlone = append(s.MailCleanup.LeftAlone, LeftAlone{
			Branch: "DRONE", ID: "3fa9c01e", Timestamp: "2026-02-16 08:00:00", Subject: "about it", Status: "new", Since: now.Add(since),
		})
	}
	want := s.MailCleanup.LeftAlone[1:]
	s = throughJSON(t, s)
	s.MailCleanup.Forget(now)
	if diff := cmp.Diff(want, s.MailCleanup.LeftAlone); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
