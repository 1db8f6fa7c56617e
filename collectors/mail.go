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
	stale := []staleAfter{{aipass.NewMail, o.StaleNew}, {aipass.OpenedMail, o.StaleOpened}}
	return Collector{
		Name: "mail",
		Help: "Mailboxes: messages by status, how old they are, and how many are stale.",
		Families: []Family{
			gauge("aipass_mail_messages", "Messages in the inbox, recounted.", ofInbox(mailMessages), "branch", "status"),
			gauge("aipass_mail_stale_messages", "Messages older than aipass_mail_stale_after_seconds of their status.", ofInbox(mailStale(stale)), "branch", "status"),
			gauge("aipass_mail_stale_after_seconds", "Age from which on this exporter was told to count a message of the status as stale.", mailStaleAfter(stale), "status"),
			gauge("aipass_mail_oldest_timestamp_seconds", "When the oldest dated message of the status was sent, absent if there is none.", ofInbox(mailOldest), "branch", "status"),
			{
				Name:    "aipass_mail_message_age_seconds",
				Help:    "Ages of the dated messages in the inbox now; query the buckets as they are, without rate.",
				Type:    dto.MetricType_HISTOGRAM,
				Labels:  []string{"branch", "status"},
				Collect: ofInbox(mailAges),
			},
			gauge("aipass_mail_undated_messages", "Messages whose timestamp is missing or unreadable.", ofInbox(mailUndated), "branch"),
			gauge("aipass_mail_count_mismatch", "Whether a counter stored in the inbox differs from a recount.", ofInbox(mailMismatch), "branch"),
			gauge("aipass_mail_dispatch_pending", "New messages with auto_execute set, for each of which AIPass may start an agent.", ofInbox(mailDispatch), "branch"),
		},
	}
}

// staleAfter is the age from which on mail of a status is stale.
type staleAfter struct {
	status aipass.MailStatus
	age    time.Duration
}

// An inbox is one branch's mail at the time of the look.
type inbox struct {
	*aipass.Inbox
	branch string
	now    time.Time
}

// ofInbox leaves out branches whose inbox cannot be read: that is
// aipass_file_state's to say, and no mail is not the same as unknown.
func ofInbox(collect func(inbox, Emitter)) func(*aipass.Snapshot, Emitter) {
	return func(s *aipass.Snapshot, emit Emitter) {
		for i := range s.Branches {
			if b := &s.Branches[i]; b.Inbox.OK() {
				collect(inbox{&b.Inbox.Value, b.Name, s.Taken}, emit)
			}
		}
	}
}

func mailMessages(in inbox, emit Emitter) {
	for _, status := range aipass.MailStatuses {
		emit.Value(float64(in.Count(status)), in.branch, status.String())
	}
}

func mailStaleAfter(stale []staleAfter) func(*aipass.Snapshot, Emitter) {
	return func(_ *aipass.Snapshot, emit Emitter) {
		for _, after := range stale {
			emit.Value(after.age.Seconds(), after.status.String())
		}
	}
}

func mailStale(stale []staleAfter) func(inbox, Emitter) {
	return func(in inbox, emit Emitter) {
		for _, after := range stale {
			emit.Value(float64(in.OlderThan(after.status, in.now.Add(-after.age))), in.branch, after.status.String())
		}
	}
}

func mailOldest(in inbox, emit Emitter) {
	for _, status := range aipass.MailStatuses {
		if oldest, ok := in.Oldest(status); ok {
			emit.Value(seconds(oldest), in.branch, status.String())
		}
	}
}

// mailAges gives mail from the future no age.
func mailAges(in inbox, emit Emitter) {
	var counts [len(aipass.MailStatuses)][len(ageBounds)]uint64
	var hs [len(aipass.MailStatuses)]Histogram
	for _, m := range in.Messages {
		sent, dated := m.Sent()
		if !dated {
			continue
		}
		age := max(0, in.now.Sub(sent).Seconds())
		hs[m.Status].Count++
		hs[m.Status].Sum += age
		for i, bound := range ageBounds {
			if age <= bound {
				counts[m.Status][i]++
			}
		}
	}
	for i, status := range aipass.MailStatuses {
		hs[i].Bounds, hs[i].Counts = ageBounds[:], counts[i][:]
		emit.Histogram(hs[i], in.branch, status.String())
	}
}

func mailUndated(in inbox, emit Emitter) {
	undated := 0
	for _, m := range in.Messages {
		if _, dated := m.Sent(); !dated {
			undated++
		}
	}
	emit.Value(float64(undated), in.branch)
}

func mailMismatch(in inbox, emit Emitter) {
	emit.Value(boolean(in.CounterMismatch), in.branch)
}

func mailDispatch(in inbox, emit Emitter) {
	pending := 0
	for _, m := range in.Messages {
		if m.AwaitsDispatch {
			pending++
		}
	}
	emit.Value(float64(pending), in.branch)
}
