package doctor

import (
	"fmt"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Result is how a step of the chain was found.
type Result string

// The results.
const (
	OK      Result = "ok"
	Fault   Result = "fault"
	Skipped Result = "skipped" // there is no such daemon, or a step before it is at fault
)

// A Step is one link of the chain, as it was found.
type Step struct {
	Name   string `json:"step"`
	Result Result `json:"result"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"` // of a fault
	// Took is how long a test mail was under way.
	Took float64 `json:"took_seconds,omitempty"`
}

// detailLength bounds what a step says, in code points: servers may say anything.
const detailLength = 400

func newStep(result Result, remedy, format string, args ...any) Step {
	return Step{Result: result, Detail: mailbox.Cut(fmt.Sprintf(format, args...), detailLength), Remedy: remedy}
}

func fine(format string, args ...any) Step { return newStep(OK, "", format, args...) }

func skip(format string, args ...any) Step { return newStep(Skipped, "", format, args...) }

func wrong(remedy, format string, args ...any) Step { return newStep(Fault, remedy, format, args...) }

// named is how many of many are named.
const named = 5

func list(names []string) string {
	if len(names) > named {
		return fmt.Sprintf("%s and %d others", strings.Join(names[:named], ", "), len(names)-named)
	}
	return strings.Join(names, ", ")
}
