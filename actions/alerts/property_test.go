package alerts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A world is a host, a few alerts that come and go, and two Alertmanagers that
// say so, each in its own time, more than once and sometimes in vain.
type world struct {
	*host
	rand     *rand.Rand
	states   map[string]event // of each alert, as Prometheus knows it
	episodes map[string]int
	queued   [2][]event // what each Alertmanager still has to say
	heard    map[string]bool
	log      []string
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		host: newHost(t), rand: rand.New(rand.NewPCG(seed, 0)),
		states: map[string]event{}, episodes: map[string]int{}, heard: map[string]bool{},
	}
	w.desk.MaxMails = 1 + w.rand.IntN(4)
	return w
}

func (w *world) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%v: ", w.now.Sub(noon))+fmt.Sprintf(format, args...))
}

// change has an alert begin or end, of which both Alertmanagers will tell.
func (w *world) change() {
	name := string(rune('a' + w.rand.IntN(3)))
	e, since := w.states[name], w.now.Sub(noon)
	if e.status == firing {
		e.status, e.ends = resolved, since
	} else {
		e = fires(name, since)
		w.episodes[name]++
	}
	w.states[name] = e
	for i := range w.queued {
		w.queued[i] = append(w.queued[i], e)
	}
	w.note("%s %s", name, e.status)
}

// tell has an Alertmanager say something of what it has to, not always the
// oldest, and not always only once.
func (w *world) tell(am int) {
	queue := w.queued[am]
	if len(queue) == 0 {
		return
	}
	i := w.rand.IntN(len(queue))
	e := queue[i]
	if w.rand.IntN(3) > 0 { // else the reply got lost
		w.queued[am] = slices.Delete(queue, i, i+1)
	}
	w.note("alertmanager %d: %s %s since %v", am, e.name, e.status, e.starts)
	outcomes := w.accept(notification(e), ToBranch)
	if e.status == firing {
		w.heard[fmt.Sprint(e.name, e.starts)] = true
	}
	w.note("  %v", outcomes)
}

// step is something that happens.
func (w *world) step() {
	switch w.rand.IntN(8) {
	case 0:
		w.change()
	case 1:
		w.open()
		w.note("opened")
	case 2:
		w.closeRead()
	case 3:
		w.after(time.Duration(w.rand.IntN(100)) * time.Second)
	default:
		w.tell(w.rand.IntN(2))
	}
	w.after(time.Second)
}

// closeRead has the branch close what it has opened.
func (w *world) closeRead() {
	w.note("closed what was open")
	w.edit(closeOpened)
}

// After whatever happened, and once everything has been said, each episode that
// fires stands in one message, and no episode was told of twice.
func TestHoweverItComesEveryAlertIsToldOnceAndNoneIsLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		w := newWorld(t, seed)
		for range 60 {
			w.step()
			w.check(seed)
			if t.Failed() {
				return
			}
		}
	}
}

func (w *world) check(seed uint64) {
	w.t.Helper()
	inbox := map[string][]string{} // messages that say an alert fires
	told := map[string]int{}       // messages by episode
	count := func(m mail, in bool) {
		for _, r := range m.note(w.t).Alerts {
			told[fmt.Sprintf("%s, episode %d", r.Name, r.Episode)]++
			if in && r.Status == firing {
				inbox[r.Name] = append(inbox[r.Name], m.ID)
			}
		}
	}
	for _, m := range w.inbox("drone") {
		count(m, true)
	}
	for _, m := range w.closedMail("drone") {
		count(m, false)
	}
	fail := func(format string, args ...any) {
		w.t.Errorf("seed %d: "+format, append([]any{seed}, args...)...)
		for _, line := range w.log {
			w.t.Log(line)
		}
	}
	for episode, n := range told {
		if n > 1 {
			fail("%s is in %d messages", episode, n)
		}
	}
	for name, ids := range inbox {
		if len(ids) > 1 {
			fail("%s fires in %d messages", name, len(ids))
		}
	}
	for name, e := range w.states {
		heard := w.heard[fmt.Sprint(name, e.starts)]
		if heard && e.status == firing && len(inbox[name]) == 0 && w.toldSince(name, e.starts) == 0 {
			fail("%s has fired since %v, and nobody was told", name, e.starts)
		}
	}
}

// toldSince counts records of an alert that began then or, by an Alertmanager's
// own mind, later.
func (w *world) toldSince(name string, starts time.Duration) (n int) {
	for _, m := range append(w.inbox("drone"), w.closedMail("drone")...) {
		for _, r := range m.note(w.t).Alerts {
			if r.Name == name && !r.Starts.Before(noon.Add(starts)) {
				n++
			}
		}
	}
	return n
}
