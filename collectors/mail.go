package collectors

import (
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// ageBounds are the upper bounds of the age histogram, in seconds: 1h, 6h,
// 24h, 48h, 72h, 7d, 30d.
var ageBounds = [...]float64{3600, 21600, 86400, 172800, 259200, 604800, 2592000}

func mail(o Options) Collector {
	return Collector{
		Name: "mail",
		Help: "Mailboxes: messages by status, how old they are, and how many are stale.",
		Families: []Family{
			gauge("aipass_mail_messages", "Messages in the inbox, recounted.", ofInbox(mailMessages), "branch", "status"),
			gauge("aipass_mail_stale_messages", "Messages older than aipass_mail_stale_after_seconds of their status.", mailStale(o), "branch", "status"),
			gauge("aipass_mail_stale_after_seconds", "Age from which on this exporter was told to count a message of the status as stale.", mailStaleAfter(o), "status"),
			gauge("aipass_mail_oldest_timestamp_seconds", "When the oldest dated message of the status was sent, absent if there is none.", ofInbox(mailOldest), "branch", "status"),
			mailAges(),
			gauge("aipass_mail_undated_messages", "Messages whose timestamp is missing or unreadable.", ofInbox(mailUndated), "branch"),
			gauge("aipass_mail_count_mismatch", "Whether a counter stored in the inbox differs from a recount.", ofInbox(mailMismatch), "branch"),
			gauge("aipass_mail_dispatch_pending", "New messages with auto_execute set, for each of which AIPass may start an agent.", ofInbox(mailDispatch), "branch"),
		},
	}
}

// ofInbox leaves out branches whose inbox cannot be read: that is
// aipass_file_state's to say, and no mail is not the same as unknown.
func ofInbox(collect func(branch string, inbox *aipass.Inbox, emit Emitter)) func(*aipass.Snapshot, Emitter) {
	return ofBranch(func(b *aipass.Branch, emit Emitter) {
		if b.Inbox.OK() {
			collect(b.Name, &b.Inbox.Value, emit)
		}
	})
}

func mailMessages(branch string, inbox *aipass.Inbox, emit Emitter) {
	var counts [len(aipass.MailStatuses)]int
	for _, m := range inbox.Messages {
		counts[m.Status]++
	}
	for _, status := range aipass.MailStatuses {
		emit.Value(float64(counts[status]), branch, status.String())
	}
}

// staleAfter are the two ages that the exporter was told.
func (o Options) staleAfter() map[aipass.MailStatus]time.Duration {
	return map[aipass.MailStatus]time.Duration{aipass.NewMail: o.StaleNew, aipass.OpenedMail: o.StaleOpened}
}

func mailStaleAfter(o Options) func(*aipass.Snapshot, Emitter) {
	return func(_ *aipass.Snapshot, emit Emitter) {
		for _, status := range [...]aipass.MailStatus{aipass.NewMail, aipass.OpenedMail} {
			emit.Value(o.staleAfter()[status].Seconds(), status.String())
		}
	}
}

func mailStale(o Options) func(*aipass.Snapshot, Emitter) {
	return func(s *aipass.Snapshot, emit Emitter) {
		for i := range s.Branches {
			b := &s.Branches[i]
			if !b.Inbox.OK() {
				continue
			}
			for _, status := range [...]aipass.MailStatus{aipass.NewMail, aipass.OpenedMail} {
				stale := b.Inbox.Value.OlderThan(status, s.Taken.Add(-o.staleAfter()[status]))
				emit.Value(float64(stale), b.Name, status.String())
			}
		}
	}
}

func mailOldest(branch string, inbox *aipass.Inbox, emit Emitter) {
	for _, status := range aipass.MailStatuses {
		if oldest, ok := inbox.Oldest(status); ok {
			emit.Value(seconds(oldest), branch, status.String())
		}
	}
}

func mailAges() Family {
	return Family{
		Name:   "aipass_mail_message_age_seconds",
		Help:   "Ages of the dated messages in the inbox now; query the buckets as they are, without rate.",
		Type:   dto.MetricType_HISTOGRAM,
		Labels: []string{"branch", "status"},
		Collect: func(s *aipass.Snapshot, emit Emitter) {
			for i := range s.Branches {
				if b := &s.Branches[i]; b.Inbox.OK() {
					for status, h := range ages(&b.Inbox.Value, s.Taken) {
						emit.Histogram(h, b.Name, aipass.MailStatus(status).String())
					}
				}
			}
		},
	}
}

// ages makes a histogram for each status; mail from the future has no age.
func ages(inbox *aipass.Inbox, now time.Time) [len(aipass.MailStatuses)]Histogram {
	var hs [len(aipass.MailStatuses)]Histogram
	for i := range hs {
		hs[i] = Histogram{Bounds: ageBounds[:], Counts: make([]uint64, len(ageBounds))}
	}
	for _, m := range inbox.Messages {
		sent, dated := m.Sent()
		if !dated {
			continue
		}
		age := max(0, now.Sub(sent).Seconds())
		h := &hs[m.Status]
		h.Count++
		h.Sum += age
		for i, bound := range ageBounds {
			if age <= bound {
				h.Counts[i]++
			}
		}
	}
	return hs
}

func mailUndated(branch string, inbox *aipass.Inbox, emit Emitter) {
	undated := 0
	for _, m := range inbox.Messages {
		if _, dated := m.Sent(); !dated {
			undated++
		}
	}
	emit.Value(float64(undated), branch)
}

func mailMismatch(branch string, inbox *aipass.Inbox, emit Emitter) {
	emit.Value(boolean(inbox.CounterMismatch), branch)
}

func mailDispatch(branch string, inbox *aipass.Inbox, emit Emitter) {
	pending := 0
	for _, m := range inbox.Messages {
		if m.AwaitsDispatch {
			pending++
		}
	}
	emit.Value(float64(pending), branch)
}
