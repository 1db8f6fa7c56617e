package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func agents() Collector {
	return Collector{
		Name: "agents",
		Help: "Agents at work, from their dispatch locks.",
		Families: []Family{
			gauge("aipass_agent_running", "Whether the process that holds the branch's dispatch lock is alive.", ofBranch(agentRunning), "branch"),
			gauge("aipass_agent_started_timestamp_seconds", "When the dispatch lock was taken, absent without a lock; a lock without a running agent is stale.", ofBranch(agentStarted), "branch"),
		},
	}
}

// agentRunning takes a broken lock for none, as AIPass does.
func agentRunning(b *aipass.Branch, emit Emitter) {
	if b.Directory.OK() && b.Agent.State() != aipass.Unreadable {
		emit.Value(boolean(b.Agent.Value.Running), b.Name)
	}
}

func agentStarted(b *aipass.Branch, emit Emitter) {
	if b.Agent.OK() && !b.Agent.Value.Started.IsZero() {
		emit.Value(seconds(b.Agent.Value.Started), b.Name)
	}
}
