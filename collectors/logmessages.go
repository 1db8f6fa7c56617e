package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func logMessages() Collector {
	return Collector{
		Name: LogMessages,
		Help: "Log messages by level, across rotations and runs. collect needs --state.dir for it.",
		Families: []Family{
			counter("aipass_log_messages_total", "Log messages by level, by where the level stands in the line.", ofTotals(messages), "branch", "scope", "level"),
			counter("aipass_log_read_bytes_total", "Bytes of logs that have been counted.",
				ofTotals(total(func(t aipass.LogTotals) int64 { return t.Read })), "branch", "scope"),
			counter("aipass_log_lost_bytes_total", "Bytes of logs that were gone before they could be counted.",
				ofTotals(total(func(t aipass.LogTotals) int64 { return t.Lost })), "branch", "scope"),
			counter("aipass_log_rotations_total", "Logs that began anew: rotated, truncated or replaced.",
				ofTotals(total(func(t aipass.LogTotals) int64 { return t.Rotations })), "branch", "scope"),
			gauge("aipass_log_last_error_timestamp_seconds", "When the last error or worse was logged, absent if none has been counted.", lastError, "branch"),
			gauge("aipass_log_unreadable_files", "Logs that could not be read at this look, and so were not counted.", unreadableLogs, "branch", "scope"),
		},
		Incomplete: func(s *aipass.Snapshot) error {
			if s.LogCounts == nil {
				return nil
			}
			return s.LogCounts.Incomplete
		},
	}
}

// eachSource calls f for every source of logs, if they have been counted.
func eachSource(s *aipass.Snapshot, f func(branch, scope string, source aipass.LogSource)) {
	if s.LogCounts == nil {
		return
	}
	f("", aipass.SystemScope.String(), aipass.LogSource{Scope: aipass.SystemScope})
	for i := range s.Branches {
		for _, scope := range aipass.LogScopes {
			f(s.Branches[i].Name, scope.String(), aipass.LogSource{Branch: s.Branches[i].Name, Scope: scope})
		}
	}
}

func ofTotals(collect func(t aipass.LogTotals, branch, scope string, emit Emitter)) func(*aipass.Snapshot, Emitter) {
	return func(s *aipass.Snapshot, emit Emitter) {
		eachSource(s, func(branch, scope string, source aipass.LogSource) {
			collect(s.LogCounts.Of(source), branch, scope, emit)
		})
	}
}

func messages(t aipass.LogTotals, branch, scope string, emit Emitter) {
	for _, level := range aipass.LogLevels {
		emit.Value(float64(t.Messages[level]), branch, scope, level.String())
	}
}

func total(of func(aipass.LogTotals) int64) func(aipass.LogTotals, string, string, Emitter) {
	return func(t aipass.LogTotals, branch, scope string, emit Emitter) {
		emit.Value(float64(of(t)), branch, scope)
	}
}

// lastError is that of both scopes.
func lastError(s *aipass.Snapshot, emit Emitter) {
	if s.LogCounts == nil {
		return
	}
	of := func(branch string) {
		last := int64(0)
		for _, scope := range aipass.LogScopes {
			last = max(last, s.LogCounts.Of(aipass.LogSource{Branch: branch, Scope: scope}).LastError)
		}
		if last > 0 {
			emit.Value(float64(last), branch)
		}
	}
	of("")
	for i := range s.Branches {
		of(s.Branches[i].Name)
	}
}

func unreadableLogs(s *aipass.Snapshot, emit Emitter) {
	eachSource(s, func(branch, scope string, source aipass.LogSource) {
		emit.Value(float64(s.LogCounts.Unreadable[source].Files), branch, scope)
	})
}
