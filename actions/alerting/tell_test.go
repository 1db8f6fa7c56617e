package alerting_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

const routes = `
route:
  receiver: mail
  group_by: [branch]
  routes:
    - {receiver: elsewhere, matchers: [team="elsewhere"]}
    - {receiver: nowhere, matchers: [team="nowhere"]}
    - {receiver: both, matchers: [team="both"]}
inhibit_rules:
  - {source_matchers: [alertname="Source"], target_matchers: [alertname="Target"]}
receivers:
  - name: mail
    webhook_configs: [{url: "http://other.example:1234/v1/alerts?to=branch"}]
  - name: elsewhere
    webhook_configs: [{url: "http://switch.example/"}]
  - name: nowhere
    email_configs: [{to: a@example.org, from: b@example.org, smarthost: "mail.example.org:25"}]
  - name: both
    webhook_configs: [{url: "http://switch.example/"}, {url: 'http://mail.example/v1/alerts?to={{ .GroupLabels.branch }}'}]
`

// An office notes what gets to it, and takes it unless it is closed.
type office struct {
	mu     sync.Mutex
	got    []string
	closed bool
}

var errClosed = errors.New("closed")

func (o *office) take(what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = append(o.got, what)
	if o.closed {
		return errClosed
	}
	return nil
}

// Accept is the desk's.
func (o *office) Accept(_ context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	var names []string
	for _, a := range n.Alerts {
		names = append(names, a.Labels["alertname"]+" "+a.Status)
	}
	return nil, o.take(to + ": " + strings.Join(names, ", "))
}

func (o *office) post(_ context.Context, n *routing.Notification) error {
	return o.take(fmt.Sprintf("%s: %d+%d", n.URL, n.Firing, n.Resolved))
}

// tells has a run tell of alerts, written as name, team and branch.
func (o *office) tells(t *testing.T, was routing.State, now time.Time, firing ...string) *alerting.Telling {
	t.Helper()
	router, err := routing.Parse([]byte(routes), routing.Options{})
	must(t, err)
	var found []engine.Alert
	for _, text := range firing {
		word := strings.Fields(text)
		found = append(found, engine.Alert{
			Labels: map[string]string{"alertname": word[0], "team": word[1], "branch": word[2]},
			State:  engine.Firing, ActiveAt: eight, FiredAt: eight,
		})
	}
	o.got = nil
	telling := (&alerting.Teller{Router: router, Desk: o, Post: o.post}).Tell(t.Context(), was, found, now)
	slices.Sort(o.got)
	return telling
}

func same(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What a receiver of ours would get goes to the desk, whatever the host in its URL;
// the rest is posted.
func TestWhatIsForTheReceiverGoesToTheDesk(t *testing.T) {
	t.Parallel()
	o := new(office)
	telling := o.tells(t, routing.State{}, eight, "Over ours A", "Over elsewhere A", "Over both B")
	same(t, []string{
		"B: Over firing",
		"branch: Over firing",
		"http://switch.example/: 1+0",
		"http://switch.example/: 1+0",
	}, o.got)
	o.tells(t, telling.State, eight.Add(time.Hour), "Over both B")
	same(t, []string{"branch: Over resolved", "http://switch.example/: 0+1"}, o.got)
}

func TestWhatDidNotArriveComesAgain(t *testing.T) {
	t.Parallel()
	o := &office{closed: true}
	first := o.tells(t, routing.State{}, eight, "Over ours A", "Over elsewhere A")
	for _, n := range first.Notices {
		if !errors.Is(n.Err, errClosed) {
			t.Errorf("%s: %v", n.Receiver, n.Err)
		}
	}
	o.closed = false
	second := o.tells(t, first.State, eight.Add(time.Minute), "Over ours A", "Over elsewhere A")
	same(t, []string{"branch: Over firing", "http://switch.example/: 1+0"}, o.got)
	o.tells(t, second.State, eight.Add(time.Hour), "Over ours A", "Over elsewhere A")
	same(t, []string(nil), o.got)
}

// No mail tells of what is routed past the mailboxes or did not get into one. What
// is inhibited is nobody's news.
func TestUntoldIsWhatNoMailTellsOf(t *testing.T) {
	t.Parallel()
	o := new(office)
	firing := []string{"Source ours A", "Target ours A", "Over elsewhere A", "Over nowhere A", "Over both B"}
	same(t, []string{"Over elsewhere", "Over nowhere"}, names(o.tells(t, routing.State{}, eight, firing...).Untold))
	o.closed = true
	same(t, []string{"Source ours", "Over elsewhere", "Over nowhere", "Over both"}, names(o.tells(t, routing.State{}, eight, firing...).Untold))
}

func names(found []engine.Alert) (list []string) {
	for _, a := range found {
		list = append(list, a.Labels["alertname"]+" "+a.Labels["team"])
	}
	return list
}

func TestReceiversThatARunCannotServeAreFaults(t *testing.T) {
	t.Parallel()
	telling := new(office).tells(t, routing.State{}, eight)
	if len(telling.Faults) != 1 || !strings.Contains(telling.Faults[0].Error(), "receiver nowhere: email_configs") {
		t.Errorf("faults: %v", telling.Faults)
	}
}

// A plan is what would be told.
func TestAPlanTellsNobody(t *testing.T) {
	t.Parallel()
	router, err := routing.Parse([]byte(routes), routing.Options{})
	must(t, err)
	planned := (&alerting.Teller{Router: router}).Plan(t.Context(), routing.State{}, []engine.Alert{
		{Labels: map[string]string{"alertname": "Over", "branch": "A"}, State: engine.Firing, ActiveAt: eight, FiredAt: eight},
	}, eight)
	if len(planned.Notices) != 1 || !planned.Notices[0].Mail || planned.Notices[0].To != "branch" {
		t.Errorf("planned %+v", planned.Notices)
	}
}
