package aipass

// A LogLevel is how serious a log message is, as Python's logging has it.
type LogLevel uint8

// The levels, ascending.
const (
	DebugLog LogLevel = iota
	InfoLog
	WarningLog
	ErrorLog
	CriticalLog
)

// LogLevels lists all of them, in order.
var LogLevels = [...]LogLevel{DebugLog, InfoLog, WarningLog, ErrorLog, CriticalLog}

func (l LogLevel) String() string {
	return [...]string{"debug", "info", "warning", "error", "critical"}[l]
}

// A LogScope is one of the two places where a branch's logs are.
type LogScope uint8

// The scopes.
const (
	SystemScope LogScope = iota // the host's system_logs
	BranchScope                 // the branch's own logs
)

// LogScopes lists both.
var LogScopes = [...]LogScope{SystemScope, BranchScope}

func (s LogScope) String() string { return [...]string{"system", "branch"}[s] }

// A LogSource is the logs of one branch in one place; the system logs of no
// branch have an empty one.
type LogSource struct {
	Branch string
	Scope  LogScope
}

// LogTotals are what has been counted in the logs of a source, over all runs.
type LogTotals struct {
	Messages  [len(LogLevels)]int64 // by LogLevel
	Read      int64                 // bytes that were counted
	Lost      int64                 // bytes that were gone before they could be
	Rotations int64                 // logs that began anew
	LastError int64                 // Unix seconds of the last error or worse; 0 if there was none
}

// LogCounts are what whoever counts log messages has to say of a look.
type LogCounts struct {
	// Totals by branch and scope; a branch that is not in it has none yet.
	Totals map[string][len(LogScopes)]LogTotals
	// Unreadable are the logs that could not be opened or read, by source.
	Unreadable map[LogSource]UnreadableLogs
	// Incomplete is why logs were not read to their ends. They are counted the
	// next time.
	Incomplete error
}

// Of is what has been counted of a source.
func (c *LogCounts) Of(source LogSource) LogTotals { return c.Totals[source.Branch][source.Scope] }

// UnreadableLogs are how many there are, and what is wrong with one of them.
type UnreadableLogs struct {
	Files int
	Err   error // names the path
}
