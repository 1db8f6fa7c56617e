package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// branchMail is one mailbox in figures.
type branchMail struct {
	name                              string
	unread, total, stale, staleOpened int
	aipass.Traffic
}

func (m branchMail) isQuiet() bool {
	return m.unread == 0 && m.stale+m.staleOpened == 0 && m.Received == 0 && m.Sent == 0
}

func (w *writer) mail() {
	w.heading("Mail Statistics")
	boxes, unreadable := w.mailboxes()
	var sum branchMail
	var lines []string
	for _, m := range boxes {
		sum.unread += m.unread
		sum.total += m.total
		sum.stale += m.stale
		sum.staleOpened += m.staleOpened
		sum.Received += m.Received
		sum.Sent += m.Sent
		if !m.isQuiet() {
			lines = append(lines, fmt.Sprintf("%s: %d unread of %d, %d stale; received %d, sent %d",
				name(m.name), m.unread, m.total, m.stale+m.staleOpened, m.Received, m.Sent))
		}
	}
	w.day.Unread, w.day.Messages = sum.unread, sum.total
	w.line("- Total unread: %d", sum.unread)
	w.line("- Total messages: %d", sum.total)
	w.line("- Stale: %d new for more than %s, %d opened and sent more than %s ago", sum.stale, span(w.Ages.New), sum.staleOpened, span(w.Ages.Opened))
	w.line("- In 24 hours: received %d, sent %d", sum.Received, sum.Sent)
	if unreadable > 0 {
		w.line("- Not counted, for they cannot be read: %s", count(unreadable, "mailbox", "mailboxes"))
	}
	w.sevenDays("Unread", unreadQuery, func(d actions.ReportDay) float64 { return float64(d.Unread) }, whole)
	if len(lines) > 0 {
		w.line("\n### By branch, with received and sent in 24 hours")
		w.list("", lines)
	}
}

// mailboxes are those that can be read, the fullest first.
func (w *writer) mailboxes() (boxes []branchMail, unreadable int) {
	for i := range w.Look.Branches {
		b := &w.Look.Branches[i]
		if !b.Inbox.OK() {
			unreadable++
			continue
		}
		inbox := &b.Inbox.Value
		m := branchMail{name: b.Name, unread: inbox.Count(aipass.NewMail), total: len(inbox.Messages)}
		m.stale = inbox.OlderThan(aipass.NewMail, w.Look.Taken.Add(-w.Ages.New))
		m.staleOpened = inbox.OlderThan(aipass.OpenedMail, w.Look.Taken.Add(-w.Ages.Opened))
		if i < len(w.Traffic) {
			m.Traffic = w.Traffic[i]
		}
		boxes = append(boxes, m)
	}
	slices.SortStableFunc(boxes, func(a, b branchMail) int {
		return cmp.Or(cmp.Compare(b.unread, a.unread), cmp.Compare(a.name, b.name))
	})
	return boxes, unreadable
}
