package doctor

import (
	"context"
	"time"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/schedule"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Doctor knows what a host's chain should be like.
type Doctor struct {
	Tree    aipass.Tree
	Mailbox mailbox.Options
	Roles   recipients.Roles
	Timeout time.Duration // of the look, and of each question to a server
	Now     func() time.Time

	// Textfiles is where node_exporter should read our metrics, Files what the
	// programs of this project write there.
	Textfiles string
	Files     []string
	// Servers are where the daemons are.
	Servers Servers
	// Labels are what alerts get on their way beside Prometheus' external_labels.
	Labels map[string]string
	// Rules are the names of those that Prometheus should have.
	Rules []string
	// Skew is how far the clocks of servers may be off.
	Skew time.Duration

	// Schedule is what runs the jobs, and Jobs what they are.
	Schedule Schedule
	Jobs     []schedule.Job
	// Command is the command line of a command of this program's that is about this
	// host, for remedies; without it, the bare one.
	Command func(command string) string
	// State is the directory that the jobs keep between runs.
	State string
}

// A patient is a host while it is examined.
type patient struct {
	*Doctor
	look *aipass.Snapshot
	// dates are what clocks of servers said, by whose they are.
	dates map[string]reading
	// isScheduled says that something starts the runs.
	isScheduled bool
}

// command is what to type for a command of this program's.
func (d *Doctor) command(name string) string {
	if d.Command == nil {
		return thisProgram + " " + name
	}
	return d.Command(name)
}

// A link is a step that has not been looked at.
type link struct {
	name string
	look func(*patient, context.Context) Step
}

// chain is in the order of the way that an alert takes; what keeps it going comes
// behind.
func chain() []link {
	return []link{
		{"host", (*patient).host},
		{"mailboxes", (*patient).mailboxes},
		{"catch-all", (*patient).catchAll},
		{"textfiles", (*patient).textfiles},
		{"node_exporter", (*patient).nodeExporter},
		{"prometheus", (*patient).prometheus},
		{"rules", (*patient).rules},
		{"alertmanager", (*patient).alertmanager},
		{"routes", (*patient).routes},
		{"webhook", (*patient).webhook},
		{"schedule", (*patient).schedule},
		{"cron", (*patient).cron},
		{"jobs", (*patient).jobs},
		{"clock", (*patient).clock},
		{"state", (*patient).stateDir},
	}
}

// Examine looks at every step, whatever the others are like.
func (d *Doctor) Examine(ctx context.Context) []Step {
	p := d.admit(ctx)
	var steps []Step
	for _, l := range chain() {
		step := l.look(p, ctx)
		step.Name = l.name
		steps = append(steps, step)
	}
	return steps
}

func (d *Doctor) admit(ctx context.Context) *patient {
	limited, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	return &patient{Doctor: d, look: d.Tree.Snapshot(limited), dates: map[string]reading{}}
}

// Healthy says that no step is at fault.
func Healthy(steps []Step) bool {
	for _, s := range steps {
		if s.Result == Fault {
			return false
		}
	}
	return true
}
