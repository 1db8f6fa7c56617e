package stack

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// Runs are cron's on another demo host, which no server watches.
type runs struct {
	*stack
	config string // of the stack's Alertmanagers
}

// withoutServers is a demo host like that of the stack, with what befell it since.
func (s *stack) withoutServers(t *testing.T, befalls ...func(*stack)) runs {
	t.Helper()
	other := &stack{t: t, bin: s.bin, host: filepath.Join(t.TempDir(), "host"), textfile: t.TempDir(), state: t.TempDir()}
	must(t, demohost.Lay(other.host, time.Now()))
	r := runs{other, s.alertmanagerConfig(t)}
	r.run()
	for _, befall := range befalls {
		befall(other)
	}
	r.run()
	r.run() // which has nothing to tell
	return r
}

func (r runs) run() {
	r.t.Helper()
	run := exec.Command(filepath.Join(r.bin, "aipass-actions"), "run", "--skip=cleanup", "--log.level=error", "--alertmanager.config="+r.config,
		"--aipass.home="+r.host, "--state.dir="+r.state, "--textfile.directory="+r.textfile)
	out, err := run.CombinedOutput()
	if code := run.ProcessState.ExitCode(); code > 1 { // 1: part of the host cannot be read
		r.t.Fatalf("%v: %v\n%s", run, err, out)
	}
}

// toldTo is what all mailboxes of a host were told, without when.
func (s *stack) toldTo() map[string][]string {
	s.t.Helper()
	all := map[string][]string{}
	for _, pattern := range []string{"*/*/ai_mail.local", "*/ai_mail.local", "*/*/*/ai_mail.local", "src/aipass/*/.ai_mail.local"} {
		boxes, err := filepath.Glob(filepath.Join(s.host, pattern, "inbox.json"))
		must(s.t, err)
		for _, path := range boxes {
			box, err := filepath.Rel(s.host, filepath.Dir(path))
			must(s.t, err)
			if box == praxBox || strings.Contains(box, "ai_mail/ai_mail.local") {
				continue // whose inboxes are broken
			}
			for _, m := range s.mail(box) {
				for _, a := range m.About.Alerts {
					all[box] = append(all[box], a.Alertname+" of "+a.Branch+" "+a.Status)
				}
			}
			slices.Sort(all[box])
		}
	}
	return all
}

// tellsTheSame waits until the servers have told what the runs have, and no more.
func (s *stack) tellsTheSame(r runs) {
	s.t.Helper()
	want := r.toldTo()
	if len(want) < 5 {
		s.t.Fatalf("runs told %v", want)
	}
	var got map[string][]string
	defer func() {
		if diff := cmp.Diff(got, want); diff != "" {
			s.t.Errorf("told: -servers +runs:\n%s", diff)
		}
	}()
	servertest.Await(s.t, "the servers to tell what runs tell", func() bool {
		got = s.toldTo()
		return cmp.Equal(got, want)
	})
}
