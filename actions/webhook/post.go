package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// deliveryTime is how long a notification may take to get into its mailboxes.
// Alertmanager may have given up by then; it will find it done.
const deliveryTime = 30 * time.Second

// readTime is how long a body may take to arrive once there is room for it, so
// that who sends slowly keeps others waiting for no longer than that.
const readTime = 5 * time.Second

func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	h.Metrics.inFlight.Inc()
	defer h.Metrics.inFlight.Dec()
	told, err := h.take(w, r)
	code := http.StatusOK
	if err != nil {
		code = reply(w, err)
	} else {
		fmt.Fprintf(w, "%d alerts taken\n", len(told))
	}
	h.Metrics.answered(code, time.Since(started))
	h.Logger.Debug("notification answered", "code", code, "alerts", len(told), "err", err)
}

// take gets a notification onto the disk. Its error is a refusal.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) ([]alerts.Told, error) {
	to, err := h.admit(w, r)
	if err != nil {
		return nil, err
	}
	leave, err := h.room.enter(r.Context(), r.ContentLength)
	if err != nil {
		return nil, err
	}
	defer leave()
	n, err := h.read(w, r)
	if err != nil {
		return nil, err
	}
	// Who has hung up will ask again, and half done is worse than done.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), deliveryTime)
	defer cancel()
	told, err := h.Desk.Accept(ctx, n, to)
	h.Metrics.told(told)
	return told, h.judge(n, told, err)
}

// admit looks at all but the body, and says who is to get the mail.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request) (to string, err error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return "", refuse(http.StatusMethodNotAllowed, "only POST here")
	}
	if h.stopping.Load() {
		return "", errStopping
	}
	known, err := h.Token.knownTo(r)
	switch {
	case err != nil:
		h.Logger.Error("token not readable, nothing is taken", "err", err)
		return "", later("the token cannot be checked now")
	case !known:
		w.Header().Set("WWW-Authenticate", `Bearer realm="aipass-actions"`)
		return "", refuse(http.StatusUnauthorized, "wrong token or none")
	case !isJSON(r):
		return "", refuse(http.StatusUnsupportedMediaType, "want Content-Type application/json, not compressed")
	}
	return recipient(r.URL)
}

// isJSON says whether the body is what Alertmanager sends. A web page cannot
// have a browser send that to another server unasked.
func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json" && r.Header.Get("Content-Encoding") == ""
}

// recipient is the one that the address asks for.
func recipient(u *url.URL) (string, error) {
	query, err := url.ParseQuery(u.RawQuery)
	if to := query["to"]; err == nil && len(to) == 1 && to[0] != "" {
		return to[0], nil
	}
	return "", refuse(http.StatusBadRequest, "say for whom: ?to="+alerts.ToBranch+", a role, or an address such as @flow")
}

// read reads the notification, within the bounds.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (alerts.Notification, error) {
	tooLarge := refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("larger than %d bytes: set max_alerts, or --web.max-body", h.MaxBody))
	if r.ContentLength > h.MaxBody {
		return alerts.Notification{}, tooLarge
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.readTime)) // every server has it
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.MaxBody))
	if _, is := errors.AsType[*http.MaxBytesError](err); is {
		return alerts.Notification{}, tooLarge
	}
	if err != nil {
		return alerts.Notification{}, later("the notification did not arrive whole")
	}
	n, err := alerts.Parse(body)
	if err != nil {
		return n, refuse(http.StatusBadRequest, err.Error())
	}
	return n, nil
}
