package webhook

import (
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"
)

// A refusal is an answer other than 200.
type refusal struct {
	code int
	text string
}

func (r refusal) Error() string { return r.text }

// refuse is for what will be no better when it is posted again.
func refuse(code int, text string) error { return refusal{code, text} }

// later is for what may work when it is posted again.
func later(text string) error { return refusal{http.StatusServiceUnavailable, text} }

var errStopping = later("shutting down")

// retryAfter is what other senders than Alertmanager go by, in seconds.
const retryAfter = "5"

// maxReply bounds an answer, which Alertmanager writes into its log, in bytes.
const maxReply = 200

// reply answers with an error, which is no refusal if something of ours is broken.
func reply(w http.ResponseWriter, err error) (code int) {
	var r refusal
	if !errors.As(err, &r) {
		r = refusal{http.StatusServiceUnavailable, "cannot be done now, see the log"}
	}
	if r.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	http.Error(w, line(r.text), r.code)
	return r.code
}

// line is a text short enough for an answer, on one line.
func line(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxReply {
		text = text[:maxReply]
	}
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text
}
