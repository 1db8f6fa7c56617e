package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func logs(o Options) Collector {
	c := Collector{
		Name: "logs",
		Help: "Log files: how many, and their sizes.",
		Families: []Family{
			gauge("aipass_log_size_bytes", "Size of all live logs of a branch; system logs of no branch have an empty one.", logSize, "branch", "scope"),
			gauge("aipass_log_files", "Number of live log files.", logFiles, "branch", "scope"),
		},
	}
	if o.LogFiles {
		c.Families = append(c.Families,
			gauge("aipass_log_file_size_bytes", "Size of one live log file, of the 100 largest of a branch and scope.", logFileSize, "branch", "scope", "log"))
	}
	return c
}

// eachScope calls f for the logs in the host's system_logs and in the
// branches' own directories. A directory that is not there holds no logs; one
// that cannot be read is left out.
func eachScope(s *aipass.Snapshot, f func(branch, scope string, logs *aipass.Logs)) {
	system := s.SystemLogs.Known()
	if system {
		f("", "system", &s.StrayLogs)
	}
	for i := range s.Branches {
		b := &s.Branches[i]
		if system {
			f(b.Name, "system", &b.SystemLogs)
		}
		if b.Logs.Known() {
			f(b.Name, "branch", &b.Logs.Value)
		}
	}
}

func logSize(s *aipass.Snapshot, emit Emitter) {
	eachScope(s, func(branch, scope string, logs *aipass.Logs) {
		emit.Value(float64(logs.Bytes), branch, scope)
	})
}

func logFiles(s *aipass.Snapshot, emit Emitter) {
	eachScope(s, func(branch, scope string, logs *aipass.Logs) {
		emit.Value(float64(logs.Files), branch, scope)
	})
}

func logFileSize(s *aipass.Snapshot, emit Emitter) {
	eachScope(s, func(branch, scope string, logs *aipass.Logs) {
		for _, log := range logs.Largest {
			emit.Value(float64(log.Size), branch, scope, log.Name)
		}
	})
}
