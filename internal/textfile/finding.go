package textfile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// An Effect is what becomes of the metrics, from harmless to worst.
type Effect int

const (
	// Style says that node_exporter serves everything, but that the metric
	// breaks a convention of Prometheus or will surprise its reader.
	Style Effect = iota

	// SamplesLost says that samples disappear and node_textfile_scrape_error
	// stays 0.
	SamplesLost

	// FamilyLost says that one file's samples of a metric disappear and
	// node_textfile_scrape_error is 1.
	FamilyLost

	// FileDropped says that nothing of the file is served and
	// node_textfile_scrape_error is 1.
	FileDropped

	// Unreadable says that the file or directory cannot be read, or is too
	// large to be judged.
	Unreadable

	// HostLost says that every metric of the host disappears: node_exporter
	// crashes or hangs over the file, or Prometheus refuses its whole page.
	HostLost
)

// LosesData reports whether samples do not arrive, so that it is more than a
// matter of taste.
func (e Effect) LosesData() bool { return e > Style }

// String is the effect in words, for instance "samples lost".
func (e Effect) String() string {
	switch e {
	case Style:
		return "style"
	case SamplesLost:
		return "samples lost"
	case FamilyLost:
		return "family lost"
	case FileDropped:
		return "file dropped"
	case Unreadable:
		return "unreadable"
	case HostLost:
		return "host lost"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// A Finding is one fault and what node_exporter makes of it. It is also the
// error that Check returns.
type Finding struct {
	File    string // empty if Check found it
	Line    int    // from 1; 0 if it concerns the file as a whole
	Metric  string // the family, if one is concerned
	Effect  Effect
	Message string // what is wrong and what follows from it
	Remedy  string // what to do about it
}

// Error is the finding on one line, as compilers write theirs:
// "a.prom:3: x_total: has a timestamp (file dropped); leave it out".
func (f Finding) Error() string {
	var b strings.Builder
	switch {
	case f.File != "" && f.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", printable(f.File), f.Line)
	case f.File != "":
		fmt.Fprintf(&b, "%s: ", printable(f.File))
	case f.Line > 0:
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Metric != "" {
		fmt.Fprintf(&b, "%s: ", f.Metric)
	}
	fmt.Fprintf(&b, "%s (%s)", f.Message, f.Effect)
	if f.Remedy != "" {
		fmt.Fprintf(&b, "; %s", f.Remedy)
	}
	return b.String()
}

// printable quotes a file's name that would break the line or steer a terminal.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
