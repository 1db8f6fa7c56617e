package routing_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const config = "testdata/alertmanager.yml"

// noon is a Thursday's.
var noon = time.Date(2026, 2, 19, 12, 0, 0, 0, time.UTC)

// A desk is where runs hand on what is to be told. What a run leaves goes to the
// next through JSON.
type desk struct {
	t      *testing.T
	router *routing.Router
	kept   []byte
	alerts map[string]engine.Alert
}

func newDesk(t *testing.T, text string) *desk {
	t.Helper()
	r, err := routing.Parse([]byte(text), routing.Options{ExternalURL: "http://am.example"})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, router: r, kept: []byte("{}"), alerts: map[string]engine.Alert{}}
}

func shipped(t *testing.T) *desk {
	t.Helper()
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	return newDesk(t, string(text))
}

// fire has an alert fire from now on; labels are written a=b c=d.
func (d *desk) fire(at time.Time, labels ...string) {
	for _, text := range labels {
		d.alerts[text] = engine.Alert{
			Labels: parse(text), State: engine.Firing, ActiveAt: at, FiredAt: at,
			Annotations: map[string]string{"summary": "All is not well."}, GeneratorURL: "http://prom.example/graph",
		}
	}
}

func (d *desk) resolve(at time.Time, labels ...string) {
	for _, text := range labels {
		a := d.alerts[text]
		a.State, a.ResolvedAt = engine.Resolved, at
		d.alerts[text] = a
	}
}

func parse(text string) map[string]string {
	labels := map[string]string{}
	for pair := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(pair, "=")
		labels[name] = value
	}
	return labels
}

// run is one run, in which deliveries to the receivers named fail. It returns
// what was delivered.
func (d *desk) run(now time.Time, failing ...string) []*routing.Notification {
	d.t.Helper()
	var state routing.State
	if err := json.Unmarshal(d.kept, &state); err != nil {
		d.t.Fatal(err)
	}
	alerts := values(d.alerts)
	maps.DeleteFunc(d.alerts, func(_ string, a engine.Alert) bool { return a.State == engine.Resolved }) // the rules tell it once
	pass, err := d.router.Route(state, alerts, now)
	if err != nil {
		d.t.Fatal(err)
	}
	var delivered []*routing.Notification
	for _, n := range pass.Notifications {
		if !slices.Contains(failing, n.Receiver) {
			pass.Confirm(n)
			delivered = append(delivered, n)
		}
	}
	if d.kept, err = json.Marshal(pass.State()); err != nil {
		d.t.Fatal(err)
	}
	return delivered
}

func values(alerts map[string]engine.Alert) []engine.Alert {
	return slices.Collect(maps.Values(alerts))
}

// tells checks what a run delivers: of each notification a line with the receiver,
// the group, how many alerts fire and are over, and why.
func (d *desk) tells(now time.Time, want ...string) {
	d.t.Helper()
	d.same(now, d.run(now), want)
}

func (d *desk) same(now time.Time, notifications []*routing.Notification, want []string) {
	d.t.Helper()
	var got []string
	for _, n := range notifications {
		got = append(got, fmt.Sprintf("%s %v %d+%d %s", n.Receiver, n.GroupLabels, n.Firing, n.Resolved, n.Reason))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.t.Errorf("%s: -want +got:\n%s", now.Format(time.RFC3339), diff)
	}
}

const (
	over  = "alertname=Over severity=warning recipient=branch priority=normal branch=A"
	near  = "alertname=Near severity=info recipient=branch priority=normal branch=A"
	other = "alertname=Over severity=warning recipient=branch priority=normal branch=B"
	inbox = "alertname=Inbox severity=critical recipient=dev_central priority=critical branch=A"
	stale = "alertname=Stale severity=warning recipient=branch priority=low branch=B"
)

func TestOneNotificationAGroup(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over, near, other)
	d.tells(noon,
		"branch map[branch:A] 2+0 first notification",
		"branch map[branch:B] 1+0 first notification")
}

func TestNothingIsToldTwice(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.tells(noon, "branch map[branch:A] 1+0 first notification")
	for hour := 1; hour < 4; hour++ {
		d.tells(noon.Add(time.Duration(hour) * time.Hour))
	}
}

// Cron comes some milliseconds earlier or later.
func TestRepeatedAfterRepeatInterval(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.tells(noon.Add(3*time.Second), "branch map[branch:A] 1+0 first notification")
	d.tells(noon.Add(3 * time.Hour))
	d.tells(noon.Add(4*time.Hour), "branch map[branch:A] 1+0 repeat interval elapsed")
	d.tells(noon.Add(7 * time.Hour))
	d.tells(noon.Add(8*time.Hour), "branch map[branch:A] 1+0 repeat interval elapsed")
}

func TestGroupWaitsForItsInterval(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.tells(noon, "branch map[branch:A] 1+0 first notification")
	d.fire(noon.Add(time.Minute), near)
	for minute := 1; minute < 5; minute++ {
		d.tells(noon.Add(time.Duration(minute) * time.Minute))
	}
	d.tells(noon.Add(5*time.Minute), "branch map[branch:A] 2+0 new alerts added")
}

func TestResolvedIsTold(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over, near)
	d.tells(noon, "branch map[branch:A] 2+0 first notification")
	d.resolve(noon.Add(time.Hour), near)
	d.tells(noon.Add(time.Hour), "branch map[branch:A] 1+1 some alerts resolved")
	d.tells(noon.Add(2 * time.Hour))
	d.resolve(noon.Add(3*time.Hour), over)
	d.tells(noon.Add(3*time.Hour), "branch map[branch:A] 0+1 all alerts resolved")
	d.tells(noon.Add(4 * time.Hour))
	if !strings.Contains(string(d.kept), `"groups":[]`) {
		t.Errorf("kept of groups that are over: %s", d.kept)
	}
	d.fire(noon.Add(5*time.Hour), over)
	d.tells(noon.Add(5*time.Hour), "branch map[branch:A] 1+0 first notification")
}

func TestWhatWasNeverToldIsNotResolved(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.same(noon, d.run(noon, "branch"), nil)
	d.resolve(noon.Add(time.Hour), over)
	d.tells(noon.Add(time.Hour))
}

func TestRuleThatIsGoneResolvesItsAlerts(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.tells(noon, "branch map[branch:A] 1+0 first notification")
	clear(d.alerts)
	d.tells(noon.Add(time.Hour), "branch map[branch:A] 0+1 all alerts resolved")
}

func TestFailedDeliveryIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over, inbox)
	d.same(noon, d.run(noon, "dev_central"), nil) // the critical one inhibits the other
	d.tells(noon.Add(time.Minute),
		"dev_central map[branch:A] 1+0 first notification",
		"dev_central map[alertname:Inbox] 1+0 first notification")
	d.resolve(noon.Add(time.Hour), inbox)
	d.same(noon, d.run(noon.Add(time.Hour), "dev_central"), []string{"branch map[branch:A] 1+0 first notification"})
	d.tells(noon.Add(2*time.Hour),
		"dev_central map[branch:A] 0+1 all alerts resolved",
		"dev_central map[alertname:Inbox] 0+1 all alerts resolved")
}

func TestCriticalInhibitsWarning(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over, other)
	d.tells(noon,
		"branch map[branch:A] 1+0 first notification",
		"branch map[branch:B] 1+0 first notification")
	d.fire(noon.Add(time.Hour), inbox)
	d.tells(noon.Add(time.Hour),
		"dev_central map[branch:A] 1+0 first notification",
		"dev_central map[alertname:Inbox] 1+0 first notification")
	d.tells(noon.Add(4*time.Hour), "branch map[branch:B] 1+0 repeat interval elapsed")
}

func TestNobodyIsToldOutsideActiveTimes(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	night := noon.Add(8 * time.Hour) // 21:00 in Berlin
	d.fire(night, stale)
	d.tells(night)
	d.tells(noon.Add(18*time.Hour + 30*time.Minute)) // 07:30
	d.tells(noon.Add(19*time.Hour+30*time.Minute), "branch map[branch:B] 1+0 first notification")
}

func TestMutedTimesAndUnwantedResolvedNotices(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	web := "alertname=Web team=web branch=A"
	saturday := noon.AddDate(0, 0, 2)
	d.fire(saturday, web)
	d.tells(saturday)
	d.tells(saturday.AddDate(0, 0, 2), "quiet map[branch:A] 1+0 first notification")
	d.resolve(saturday.AddDate(0, 0, 3), web)
	d.tells(saturday.AddDate(0, 0, 3))
	d.fire(saturday.AddDate(0, 0, 4), web)
	d.tells(saturday.AddDate(0, 0, 4), "quiet map[branch:A] 1+0 first notification")
}

// What was told at a time that has not come yet does not silence anybody.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	d.fire(noon, over)
	d.tells(noon, "branch map[branch:A] 1+0 first notification")
	back := noon.AddDate(-1, 0, 0)
	d.fire(back, over)
	d.tells(back)
	d.tells(back.Add(4*time.Hour), "branch map[branch:A] 1+0 repeat interval elapsed")
}

func TestStateIsBounded(t *testing.T) {
	t.Parallel()
	d := shipped(t)
	for day := range 30 {
		now := noon.AddDate(0, 0, day)
		label := fmt.Sprintf("alertname=Over recipient=branch priority=normal branch=B%d", day)
		d.fire(now, label)
		d.run(now)
		d.resolve(now.Add(time.Hour), label)
		d.run(now.Add(time.Hour))
	}
	var state routing.State
	if err := json.Unmarshal(d.kept, &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Groups) != 0 || len(state.Told) != 1 {
		t.Errorf("after 30 days %d groups and %d entries are kept, want 0 and the last day's", len(state.Groups), len(state.Told))
	}
}

func TestRoutingThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	if _, err := routing.Load("testdata/none.yml", routing.Options{}); err == nil || !strings.Contains(err.Error(), "testdata/none.yml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if _, err := routing.Parse([]byte("route: {receiver: nobody}\n"), routing.Options{}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("got %v, want an error that names the receiver", err)
	}
	if _, err := routing.Parse(nil, routing.Options{}); err == nil {
		t.Error("no routing is taken for routing")
	}
}
