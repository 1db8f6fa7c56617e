package servertest

import (
	"bytes"
	"regexp"
	"sync"
)

// logWatch keeps a process's output and finds in it the address on which the
// process listens: with port 0 only the process knows.
type logWatch struct {
	address chan string // receives once

	mu   sync.Mutex
	text bytes.Buffer
	said bool
}

func newLogWatch() *logWatch { return &logWatch{address: make(chan string, 1)} }

// listening is what exporter-toolkit says, old and new.
var listening = regexp.MustCompile(`Listening on.* address=(127\.0\.0\.1:[1-9]\d*)\s`)

// Write implements io.Writer.
func (w *logWatch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if w.said {
		return len(p), nil
	}
	if m := listening.FindSubmatch(w.text.Bytes()); m != nil {
		w.said = true
		w.address <- string(m[1])
	}
	return len(p), nil
}

func (w *logWatch) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
