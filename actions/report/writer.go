package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

const (
	// listed is how much of a list is shown: a report is read whole.
	listed = 20
	// quotedLength is how much of a text from the host is, in code points.
	quotedLength = 160
	// nameLength is how much of a branch's or a file's name is.
	nameLength = 60
)

// A writer has a report in the making.
type writer struct {
	Source
	ask  asker
	text strings.Builder
	day  actions.ReportDay
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.text, format+"\n", args...)
}

func (w *writer) heading(title string) { w.line("\n## %s", title) }

// list writes lines that belong under another, as many as are read.
func (w *writer) list(indent string, items []string) {
	for i, item := range items {
		if i == listed {
			w.line("%s- and %d more", indent, len(items)-listed)
			return
		}
		w.line("%s- %s", indent, item)
	}
}

// said quotes what comes from the host.
func said(text string) string { return mailbox.Quote(text, quotedLength) }

// name is a branch's or a file's: it is shown as it is, but on one line and
// without what could be markup.
func name(text string) string {
	text = strings.NewReplacer("[", "(", "]", ")", "`", "'").Replace(mailbox.Line(text))
	return mailbox.Cut(text, nameLength)
}

// owner is the branch that something is about, or the host.
func owner(branch string) string {
	if branch == "" {
		return "the host"
	}
	return name(branch)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// span is a length of time, as coarse as it is told.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%d days", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

// size is a number of bytes.
func size(bytes float64) string {
	units := [...]string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; bytes >= 1024 && i < len(units)-1; i++ {
		bytes /= 1024
	}
	if i == 0 {
		return fmt.Sprintf("%.0f %s", bytes, units[i])
	}
	return fmt.Sprintf("%.1f %s", bytes, units[i])
}
