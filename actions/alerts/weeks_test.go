package alerts

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// Weeks are what a mailbox lives through: three alerts come and go, some ends get
// lost, Alertmanager repeats itself, and the branch opens and closes mail.
type weeks struct {
	*host
	rand   *rand.Rand
	states map[string]event
}

// mind has the branch do something about some of its mail, or nothing.
func (w *weeks) mind() {
	do := [...]func(*mailbox.Doc, *mailbox.Message) error{openNew, setStatus("closed"), archive}
	if i := w.rand.IntN(2 * len(do)); i < len(do) {
		w.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
			if w.rand.IntN(2) == 0 {
				return nil
			}
			return do[i](d, m)
		})
	}
}

func openNew(d *mailbox.Doc, m *mailbox.Message) error {
	if m.Status != aipass.NewMail {
		return nil
	}
	return d.Open(m)
}

func archive(d *mailbox.Doc, m *mailbox.Message) error { return d.Archive(m) }

// news is the next that is to be said; first if it is of a new episode.
func (w *weeks) news() (e event, first bool) {
	name := string(rune('a' + w.rand.IntN(3)))
	e, since := w.states[name], w.now.Sub(noon)
	switch {
	case e.status != firing, w.rand.IntN(6) == 0: // then its end got lost
		e, first = fires(name, since), true
	case w.rand.IntN(3) == 0:
		e = ends(name, e.starts, since)
	}
	w.states[name] = e
	return e, first
}

// firing counts the messages that say that an alert fires: those that will be
// read, those that are open, and those that were closed so recently that there
// is no reminder yet.
func (w *weeks) firing(name string) (unread, open, closed int) {
	for _, m := range append(w.inbox("drone"), w.closedMail("drone")...) {
		for _, r := range m.note(w.t).Alerts {
			at := r.Seen // of what is closed by hand
			if m.ArchivedAt != "" {
				at, _ = time.ParseInLocation("2006-01-02T15:04:05", m.ArchivedAt, home)
			}
			switch {
			case r.Name != name || r.Status != firing:
			case m.Status == "new":
				unread++
			case m.Status == "opened":
				open++
			case w.now.Sub(at) < w.desk.Remind:
				closed++
			}
		}
	}
	return unread, open, closed
}

// Whatever becomes of mail, what begins is told at once, in one message, and what
// fires on is silent for no longer than a reminder takes.
func TestOverWeeksNoAlertIsSilent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		w := &weeks{newHost(t), rand.New(rand.NewPCG(seed, 0)), map[string]event{}}
		w.desk.MaxMails = 1 + w.rand.IntN(4)
		for range 40 {
			w.after(time.Duration(1+w.rand.IntN(8*60)) * minute)
			w.mind()
			w.after(minute)
			e, first := w.news()
			w.accept(notification(e), ToBranch)
			w.says("duplicate", e)
			unread, open, closed := w.firing(e.name)
			silent := unread+open+closed == 0 || first && unread == 0
			if e.status == firing && silent || unread+open > 1 || e.status == resolved && unread+open > 0 {
				t.Fatalf("seed %d at noon + %v: %+v, new %v: in %d new, %d opened, %d closed", seed, w.now.Sub(noon), e, first, unread, open, closed)
			}
		}
	}
}
