package webhook

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// judge makes an answer of how it went, and tells the log what has to be done.
func (h *Handler) judge(n alerts.Notification, told []alerts.Told, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, alerts.ErrNoSuchRecipient) {
		return refuse(http.StatusBadRequest, err.Error())
	}
	failed := failures(told)
	if len(failed) == 0 { // it did not come to mailboxes
		h.Metrics.failed(len(n.Alerts) - len(told))
		h.Logger.Error("alerts not written", "alerts", len(n.Alerts), "err", err)
		return later("nothing was written, see the receiver's log")
	}
	count := 0
	for _, f := range failed {
		count += f.alerts
		h.Logger.Error("alerts not written", slog.String("branch", f.branch), slog.Int("alerts", f.alerts), slog.Any("err", f.err), slog.String("remedy", mailbox.Remedy(f.err)))
	}
	return later(fmt.Sprintf("%d of %d alerts not written, see the receiver's log", count, len(told)))
}

// A failure is about one mailbox.
type failure struct {
	branch string
	alerts int
	err    error
}

func failures(told []alerts.Told) (failed []failure) {
	at := map[string]int{}
	for _, t := range told {
		if t.Outcome != alerts.Failed {
			continue
		}
		i, seen := at[t.Branch]
		if !seen {
			i, at[t.Branch] = len(failed), len(failed)
			failed = append(failed, failure{branch: t.Branch, err: t.Err})
		}
		failed[i].alerts++
	}
	return failed
}
