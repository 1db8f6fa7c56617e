package actions

import (
	"slices"
	"sync"
	"time"
)

// StateFile is the name of the state in the state directory.
const StateFile = "scheduled_state.json"

// A State is what is kept between runs. The zero value is that of a host that
// nothing has been done for. What has never been has no time in the file.
type State struct {
	LastRun       LastRun                `json:"last_run,omitzero"`
	Home          string                 `json:"home"`    // of the host that it is about
	Actions       map[string]ActionState `json:"actions"` // by name
	MailCleanup   MailCleanup            `json:"mail_cleanup"`
	Memory        MemoryRollover         `json:"memory_rollover"`
	Health        HealthCheck            `json:"health_check"`
	Alerts        Alerts                 `json:"alerts"`
	Notifications Notifications          `json:"notifications"`
	Events        Events                 `json:"events,omitempty"` // none without a command for them
	Reports       Reports                `json:"reports"`
	Mailbox       MailboxState           `json:"mailbox"`
}

// LastRun is when the jobs last ran, where AIPass's design looks for it: the same as
// in Actions, for other programs to read.
type LastRun struct {
	Hourly      time.Time `json:"hourly,omitzero"`
	DailyReport time.Time `json:"daily_report,omitzero"`
}

// An ActionState is about the last time an action ran.
type ActionState struct {
	LastRun         time.Time `json:"last_run,omitzero"`
	LastSuccess     time.Time `json:"last_success,omitzero"`
	LastStatus      string    `json:"last_status"`       // StatusOK or StatusFailed, "" if it never ran
	NextRun         time.Time `json:"next_run,omitzero"` // zero if it is not to run by itself
	DurationSeconds float64   `json:"duration_seconds"`
}

// What a run can end with.
const (
	StatusOK     = "ok"
	StatusFailed = "failed" // or not all of it done
)

// MailCleanup counts what cleanups have done.
type MailCleanup struct {
	LastRun  time.Time                `json:"last_run,omitzero"`
	Stats    CleanupTotals            `json:"stats"`    // of all branches that ever were
	Branches map[string]CleanupTotals `json:"branches"` // of those in the registry
	Ages     CleanupAges              `json:"ages"`
	// LeftAlone is mail that an undo put back, which is not to be cleaned up
	// again while its status is this.
	LeftAlone []LeftAlone `json:"left_alone"`
}

// MemoryRollover is which memory files are beyond their limit, and which of them an
// event has told of: each is told of once, for as long as it is.
type MemoryRollover struct {
	Notified  []string  `json:"notified_files"`         // BRANCH:FILE, all that are
	Untold    []string  `json:"untold_files,omitempty"` // those of them that no event has told of
	LastCheck time.Time `json:"last_check,omitzero"`
}

// IsTold says whether an event has told of a file.
func (m *MemoryRollover) IsTold(file string) bool {
	return slices.Contains(m.Notified, file) && !slices.Contains(m.Untold, file)
}

// LeftAlone is one message.
type LeftAlone struct {
	Branch    string    `json:"branch"`
	ID        string    `json:"id"`
	Timestamp string    `json:"timestamp"`
	Subject   string    `json:"subject"`
	Status    string    `json:"status"`
	Since     time.Time `json:"since,omitzero"`
}

// CleanupTotals only grow.
type CleanupTotals struct {
	AutoOpened int `json:"auto_opened_total"`
	AutoClosed int `json:"auto_closed_total"`
	Errors     int `json:"errors_total"`
}

// CleanupAges are what the last cleanup went by, in seconds.
type CleanupAges struct {
	StaleNew    float64 `json:"stale_new_seconds"`
	CloseOpened float64 `json:"close_opened_seconds"`
	MinOpen     float64 `json:"min_open_seconds"`
}

// Ran notes that an action has run. interval is the time to its next run, 0 if
// there is none.
func (s *State) Ran(action string, started time.Time, took, interval time.Duration, success bool) {
	if s.Actions == nil {
		s.Actions = map[string]ActionState{}
	}
	a := s.Actions[action]
	a.LastRun, a.LastStatus, a.DurationSeconds, a.NextRun = started, StatusFailed, took.Seconds(), time.Time{}
	if interval > 0 {
		a.NextRun = started.Add(interval)
	}
	if success {
		a.LastSuccess, a.LastStatus = started, StatusOK
	}
	s.Actions[action] = a
}

// Begin notes that an action has come, and when it is to come again; what becomes of it
// is for Ran to say.
func (s *State) Begin(action string, started time.Time, interval time.Duration) {
	a, before := s.Actions[action]
	if !before && interval <= 0 {
		return
	}
	if s.Actions == nil {
		s.Actions = map[string]ActionState{}
	}
	a.NextRun = time.Time{}
	if interval > 0 {
		a.NextRun = started.Add(interval)
	}
	s.Actions[action] = a
}

// Add counts what a cleanup did to a branch.
func (m *MailCleanup) Add(branch string, t CleanupTotals) {
	if m.Branches == nil {
		m.Branches = map[string]CleanupTotals{}
	}
	m.Branches[branch] = m.Branches[branch].plus(t)
	m.Stats = m.Stats.plus(t)
}

// Forget drops what has been left alone since before a time.
func (m *MailCleanup) Forget(before time.Time) {
	m.LeftAlone = slices.DeleteFunc(m.LeftAlone, func(l LeftAlone) bool { return l.Since.Before(before) })
}

// Register makes the branches those of the registry: new ones have zeros, and
// those that are no more are forgotten, so that the state does not grow for ever.
func (m *MailCleanup) Register(branches []string) {
	known := m.Branches
	m.Branches = make(map[string]CleanupTotals, len(branches))
	for _, name := range branches {
		m.Branches[name] = known[name]
	}
}

func (t CleanupTotals) plus(u CleanupTotals) CleanupTotals {
	return CleanupTotals{t.AutoOpened + u.AutoOpened, t.AutoClosed + u.AutoClosed, t.Errors + u.Errors}
}

// MailboxState counts the races with other programs that write mail.
type MailboxState struct {
	LockWaits   LockWaits `json:"lock_waits"`
	TornReads   int       `json:"torn_reads_total"`
	LostUpdates int       `json:"lost_updates_total"`
}

// LockWaits are how long mailbox locks were waited for.
type LockWaits struct {
	Buckets    []uint64 `json:"buckets"` // one for each of lockBuckets, not cumulative
	Count      uint64   `json:"count"`
	SumSeconds float64  `json:"sum_seconds"`
}

// lockBuckets are upper bounds in seconds. Holders keep the lock for some
// milliseconds, and the longest wait is 10 s unless it is set otherwise.
func lockBuckets() []float64 { return []float64{.001, .01, .1, 1, 10} }

func (w *LockWaits) observe(wait time.Duration) {
	if len(w.Buckets) != len(lockBuckets()) {
		*w = LockWaits{Buckets: make([]uint64, len(lockBuckets()))}
	}
	w.Count++
	w.SumSeconds += wait.Seconds()
	for i, bound := range lockBuckets() {
		if wait.Seconds() <= bound {
			w.Buckets[i]++
			return
		}
	}
}

// An Observer counts into a MailboxState what mailboxes tell it.
type Observer struct {
	mu    sync.Mutex
	state *MailboxState
}

// Observe counts into state, which nobody may use meanwhile.
func Observe(state *MailboxState) *Observer { return &Observer{state: state} }

// LockWaited counts a wait for a lock.
func (o *Observer) LockWaited(wait time.Duration) {
	o.count(func(s *MailboxState) { s.LockWaits.observe(wait) })
}

// TornRead counts an inbox that was read half written.
func (o *Observer) TornRead() { o.count(func(s *MailboxState) { s.TornReads++ }) }

// LostUpdate counts a change that another program overwrote.
func (o *Observer) LostUpdate() { o.count(func(s *MailboxState) { s.LostUpdates++ }) }

func (o *Observer) count(f func(*MailboxState)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f(o.state)
}
