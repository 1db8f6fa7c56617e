package mailbox

import (
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A step is one thing done to the file system.
type step struct {
	op, name, onto string
	by             []string // of one that is hit: this package's functions that led to it, innermost first
}

var temporary = regexp.MustCompile(regexp.QuoteMeta(tempPrefix) + "[0-9a-f]+")

func (s step) isTemporary() bool { return temporary.MatchString(s.name) }

// writes says whether the step may need room on the disk.
func (s step) writes() bool {
	switch s.op {
	case "create", "write", "sync", "chmod", "chown", "mkdir", "link", "rename", "remove":
		return true
	}
	return false
}

// String leaves out what is random.
func (s step) String() string {
	return temporary.ReplaceAllString(strings.TrimSpace(s.op+" "+s.name+" "+s.onto), "TEMP")
}

// callers names the functions of this package, without tests, that are at it.
func callers() (names []string) {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		_, name, ours := strings.Cut(frame.Function, "internal/mailbox.")
		if ours && !strings.HasSuffix(frame.File, "_test.go") {
			names = append(names, name[strings.LastIndex(name, ".")+1:])
		}
		if !more {
			return names
		}
	}
}

func (s step) isBy(function string) bool { return slices.Contains(s.by, function) }
