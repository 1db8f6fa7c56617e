package events

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// Memory notes the memory files that are beyond AIPass's own limit, and fires an
// event for each that has not been told of. What could not be told is at the next
// run. A file that is within its limit again is forgotten; one that cannot be read
// now is not.
func Memory(look *aipass.Snapshot, before actions.MemoryRollover, at time.Time, fire func(event.Event) bool) actions.MemoryRollover {
	if !look.Registry.OK() {
		return before
	}
	after := actions.MemoryRollover{Notified: []string{}, LastCheck: at}
	note := func(k string, told bool) {
		after.Notified = append(after.Notified, k)
		if !told {
			after.Untold = append(after.Untold, k)
		}
	}
	for i := range look.Branches {
		b := &look.Branches[i]
		fills := look.Fills(b)
		for _, file := range b.MemoryFiles() {
			for _, k := range uncounted(b.Name, file, before.Notified) {
				note(k, before.IsTold(k))
			}
			for _, f := range beyond(file, fills) {
				k := key(b.Name, file, f.Array)
				note(k, before.IsTold(k) || fire(exceeded(b.Name, file, f, at)))
			}
		}
	}
	slices.Sort(after.Notified)
	slices.Sort(after.Untold)
	return after
}

// beyond are the fills of a file that are above their limit.
func beyond(file aipass.MemoryFile, fills []aipass.Fill) []aipass.Fill {
	var over []aipass.Fill
	for _, f := range fills {
		if f.File == file.Kind && f.Limit > 0 && float64(f.N) > f.Limit {
			over = append(over, f)
		}
	}
	return over
}

// exceeded has the fields that AIPass's handler asks for. Of a list there are
// no lines to tell.
func exceeded(branch string, file aipass.MemoryFile, f aipass.Fill, at time.Time) event.Event {
	fields := []event.Field{event.Text("branch", branch), event.Text("file_name", filepath.Base(file.Path))}
	if f.Array == "" {
		fields = append(fields, event.Number("line_count", f.N))
	} else {
		fields = append(fields, event.Text("array", f.Array), event.Number("entry_count", f.N))
	}
	fields = append(fields, event.Number("threshold", int(f.Limit)), event.Text("file_path", file.Path), timestamp(at))
	return event.Event{Name: memoryThreshold, Fields: fields}
}

// key names a file as AIPass's design does, or a list in it.
func key(branch string, file aipass.MemoryFile, array string) string {
	key := branch + ":" + filepath.Base(file.Path)
	if array != "" {
		key += ":" + array
	}
	return key
}

// uncounted are the keys of a file, or of lists in it, that cannot be counted
// now. Of a branch that was not reached, the name of the file may be the other
// generation's.
func uncounted(branch string, file aipass.MemoryFile, notified []string) []string {
	if file.Known() {
		return nil
	}
	var keys []string
	for _, k := range notified {
		name, array, isList := strings.Cut(strings.TrimPrefix(k, branch+":"), ":")
		ofFile := strings.HasPrefix(k, branch+":") && strings.HasSuffix(name, file.Kind+".json")
		if ofFile && (isList && array != "" || !isList && !file.Value.LinesKnown) {
			keys = append(keys, k)
		}
	}
	return keys
}
