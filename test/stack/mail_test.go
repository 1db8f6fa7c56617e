package stack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// Mailboxes of the demo host.
const (
	droneBox      = "aipass_core/drone/ai_mail.local"
	memoryBankBox = "MEMORY_BANK/ai_mail.local"
	daemonBox     = "src/aipass/daemon/.ai_mail.local"
	praxBox       = "src/aipass/prax/.ai_mail.local"
	lamplighter   = "src/aipass/lamplighter/.ai_mail.local"
	devCentralBox = "aipass_os/dev_central/ai_mail.local"
)

// A message is as much of one as says which alerts it is about.
type message struct {
	ID, From, Subject, Status string
	About                     struct {
		Alerts []struct {
			Alertname, Branch, Status string
			Episode                   int
		}
	} `json:"aipass_actions"`
}

// mail is all that a mailbox has and had.
func (s *stack) mail(box string) (list []message) {
	s.t.Helper()
	var inbox struct{ Messages []message }
	s.read(filepath.Join(s.host, box, "inbox.json"), &inbox)
	closed, err := filepath.Glob(filepath.Join(s.host, box, "deleted", "*.json"))
	must(s.t, err)
	for _, path := range closed {
		var m message
		s.read(path, &m)
		list = append(list, m)
	}
	return append(list, inbox.Messages...)
}

func (s *stack) read(path string, into any) {
	s.t.Helper()
	data, err := os.ReadFile(path)
	must(s.t, err)
	if err := json.Unmarshal(data, into); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

// told lists what a mailbox was told of an alert, a line for each episode in
// each message.
func (s *stack) told(box, alert, branch string) (list []string) {
	s.t.Helper()
	for _, m := range s.mail(box) {
		for _, a := range m.About.Alerts {
			if a.Alertname == alert && a.Branch == branch {
				list = append(list, fmt.Sprintf("%s: %s, episode %d", m.Status, a.Status, a.Episode))
			}
		}
	}
	return list
}

// await waits until a mailbox has been told of an alert, once, and says that.
func (s *stack) await(box, alert, branch, want string) {
	s.t.Helper()
	var got []string
	defer func() {
		if s.t.Failed() {
			s.t.Logf("%s of %s in %s: %q, want %q", alert, branch, box, got, want)
		}
	}()
	servertest.Await(s.t, alert+" of "+branch+" in "+box+": "+want, func() bool {
		got = s.told(box, alert, branch)
		return len(got) == 1 && got[0] == want
	})
}

// nothingTwice checks that no episode of an alert is in two messages.
func (s *stack) nothingTwice(boxes ...string) {
	s.t.Helper()
	for _, box := range boxes {
		in := map[string]string{}
		for _, m := range s.mail(box) {
			for _, a := range m.About.Alerts {
				key := fmt.Sprintf("%s of %s, episode %d", a.Alertname, a.Branch, a.Episode)
				if other, twice := in[key]; twice {
					s.t.Errorf("%s: %s is in %s and in %s", box, key, other, m.ID)
				}
				in[key] = m.ID
			}
		}
	}
}
