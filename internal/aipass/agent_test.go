package aipass

import (
	"math"
	"os"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func agentOf(text string, loc *time.Location) (Agent, error) {
	return parsed(text, func(d *jsonfile.Decoder) (Agent, error) { return parseAgent(d, loc) })
}

func TestDispatchLockSaysWhoAndSinceWhen(t *testing.T) {
	t.Parallel()
	started := time.Date(2026, 2, 19, 7, 0, 3, 0, time.UTC)
	tests := map[string]struct {
		text string
		pid  int
		at   time.Time
	}{
		"as AIPass writes it":        {`{"pid": 1234, "timestamp": "2026-02-19T08:00:03", "branch": "/home/aipass/drone"}`, 1234, started},
		"with a subject":             {`{"subject": "x", "timestamp": "2026-02-19T07:00:03Z", "pid": 1234}`, 1234, started},
		"twice, last wins":           {`{"pid": 1, "pid": 1234}`, 1234, time.Time{}},
		"no pid":                     {`{"timestamp": "2026-02-19T08:00:03"}`, 0, started},
		"pid null, timestamp a list": {`{"pid": null, "timestamp": ["2026-02-19T08:00:03"]}`, 0, time.Time{}},
		"pid a fraction":             {`{"pid": 12.5}`, 0, time.Time{}},
		"timestamp no time":          {`{"pid": 1234, "timestamp": "now"}`, 1234, time.Time{}},
		"nothing":                    {`{}`, 0, time.Time{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := agentOf(tt.text, berlin(t))
			if err != nil || got.pid != tt.pid || !got.Started.Equal(tt.at) {
				t.Errorf("got %+v, %v, want process %d since %v", got, err, tt.pid, tt.at)
			}
		})
	}
}

func TestLockThatAIPassWouldDeleteIsMalformed(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{``: "empty", `1234`: "not an object", `{"pid": 12`: "ends"} {
		_, err := agentOf(text, time.UTC)
		wantMalformed(t, err, reason)
	}
}

func TestNobodyIsAliveUnderANumberThatIsNoProcess(t *testing.T) {
	t.Parallel()
	for _, pid := range []int{0, -1, math.MinInt, math.MaxInt32, math.MaxInt} {
		if alive(pid) {
			t.Errorf("%d is alive", pid)
		}
	}
	if !alive(os.Getpid()) {
		t.Error("this very process is not alive")
	}
}

func TestProcessOfSomebodyElseIsAlive(t *testing.T) {
	t.Parallel()
	if asNobody(t) && !alive(1) {
		t.Error("process 1 is not alive")
	}
}

func TestAgentRunsIfItsProcessLives(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [
  {"name": "BUSY", "path": "busy"}, {"name": "DEAD", "path": "dead"}, {"name": "IDLE", "path": "idle"},
  {"name": "CORRUPT", "path": "corrupt"}, {"name": "LEGACY", "path": "legacy"}]}
-- busy/.ai_mail.local/.dispatch.lock --
{"pid": 42, "timestamp": "2026-02-19T08:00:03"}
-- dead/.ai_mail.local/.dispatch.lock --
{"pid": 43}
-- idle/.ai_mail.local/inbox.json --
[]
-- corrupt/.ai_mail.local/.dispatch.lock --
42
-- legacy/ai_mail.local/inbox.json --
[]
-- legacy/ai_mail.local/.dispatch.lock --
{"pid": 42}
-- legacy/.ai_mail.local/.dispatch.lock --
{"pid": 43}
`)
	s := lookWith(t, root, Options{Alive: func(pid int) bool { return pid == 42 }})
	at := time.Date(2026, 2, 19, 8, 0, 3, 0, time.UTC)
	for name, want := range map[string]struct {
		state   State
		running bool
		started time.Time
	}{
		"BUSY":    {OK, true, at},
		"DEAD":    {OK, false, written}, // the lock does not say, so its own time
		"IDLE":    {Missing, false, time.Time{}},
		"CORRUPT": {Malformed, false, time.Time{}},
		"LEGACY":  {OK, true, written},
	} {
		got := branch(t, s, name).Agent
		if got.State() != want.state || got.Value.Running != want.running || !got.Value.Started.Equal(want.started) {
			t.Errorf("%s: got %v, %+v, want %v", name, got.State(), got.Value, want)
		}
	}
}
