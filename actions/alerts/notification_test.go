package alerts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What Alertmanager 0.34 posts, with members that mail has no use for.
const posted = `{"receiver":"ai\\.mail\\+flow","status":"resolved",
 "alerts":[{"status":"firing","labels":{"alertname":"X","branch":"a"},"annotations":{"summary":"S."},
   "startsAt":"2026-11-22T22:22:23.647941524Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"353fd3aaa08161f3"}],
 "notification_reason":"new alerts added","groupLabels":{"alertname":"X"},"commonLabels":{},"commonAnnotations":{},
 "routeLabels":{},"externalURL":"http://am","version":"4","groupKey":"{}/{branch=\"flow\"}:{alertname=\"X\"}","truncatedAlerts":1}`

func TestANotificationOfAlertmanager(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte(posted))
	must(t, err)
	want := Notification{
		Version: "4", Receiver: `ai\.mail\+flow`, GroupKey: `{}/{branch="flow"}:{alertname="X"}`,
		Reason: "new alerts added", TruncatedAlerts: 1,
		Alerts: []Alert{{
			Status: firing, Labels: map[string]string{"alertname": "X", "branch": "a"}, Annotations: map[string]string{"summary": "S."},
			StartsAt: time.Date(2026, time.November, 22, 22, 22, 23, 647941524, time.UTC), Fingerprint: "353fd3aaa08161f3",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// 0.25, which Debian has, says less.
func TestANotificationWithoutWhatIsNewerThan025(t *testing.T) {
	t.Parallel()
	old := strings.ReplaceAll(posted, `"notification_reason":"new alerts added",`, "")
	old = strings.ReplaceAll(old, ` "routeLabels":{},`, "")
	n, err := Parse([]byte(old))
	if err != nil || n.Reason != "" || len(n.Alerts) != 1 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestGroupsAreTheSameFromEveryReplica(t *testing.T) {
	t.Parallel()
	n, err := Parse([]byte(posted))
	must(t, err)
	twin, err := Parse([]byte(strings.ReplaceAll(strings.ReplaceAll(posted, "http://am", "http://am2"), "T22:22", "T22:23")))
	must(t, err)
	other, err := Parse([]byte(strings.ReplaceAll(posted, `alertname=\"X\"`, `alertname=\"Y\"`)))
	must(t, err)
	if n.group() != twin.group() || n.group() == other.group() {
		t.Errorf("groups %s, of another replica %s, another group %s", n.group(), twin.group(), other.group())
	}
}

func TestAFingerprintThatIsNoneIsMadeOfTheLabels(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for _, spoilt := range []string{`""`, `"x"`, `"353FD3AAA08161F3"`, `"353fd3aaa08161f3353f"`} {
		n, err := Parse([]byte(strings.ReplaceAll(posted, `"353fd3aaa08161f3"`, spoilt)))
		must(t, err)
		made[n.Alerts[0].Fingerprint] = true
		if !wellFormed.MatchString(n.Alerts[0].Fingerprint) {
			t.Errorf("%s became %s", spoilt, n.Alerts[0].Fingerprint)
		}
	}
	other, err := Parse([]byte(strings.ReplaceAll(strings.ReplaceAll(posted, `"353fd3aaa08161f3"`, `""`), `"branch":"a"`, `"branch":"b"`)))
	must(t, err)
	if len(made) != 1 || made[other.Alerts[0].Fingerprint] {
		t.Errorf("of the same labels %v, of others %s", made, other.Alerts[0].Fingerprint)
	}
}

func TestWhatIsNoNotificationIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string][2]string{
		"version 3":   {`"version":"4"`, `"version":"3"`},
		"no version":  {`"version":"4",`, ``},
		"no group":    {`"groupKey"`, `"key"`},
		"no alerts":   {`"alerts"`, `"warnings"`},
		"no status":   {`"status":"firing"`, `"status":""`},
		"not JSON":    {`{`, `[`},
		"not a time":  {`2026-11-22T`, `yesterday`},
		"half of one": {`"truncatedAlerts":1}`, ``},
	} {
		body := strings.Replace(posted, spoil[0], spoil[1], 1)
		if _, err := Parse([]byte(body)); !errors.Is(err, ErrNotANotification) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Parse(nil); !errors.Is(err, ErrNotANotification) {
		t.Errorf("nothing: %v", err)
	}
}

// The error goes back to whoever posted it, and into logs.
func TestARefusalQuotesLittle(t *testing.T) {
	t.Parallel()
	body := strings.Replace(posted, `"version":"4"`, `"version":"`+strings.Repeat("secret ", 1000)+`"`, 1)
	if _, err := Parse([]byte(body)); err == nil || len(err.Error()) > 200 {
		t.Errorf("%d bytes: %.300v", len(err.Error()), err)
	}
}

func FuzzNotification(f *testing.F) {
	f.Add([]byte(posted))
	f.Add([]byte(`{"version":"4","groupKey":"g","alerts":[{"status":"resolved"}]}`))
	f.Add([]byte(`{"version":"4","groupKey":"g","alerts":[{"status":"firing","labels":{"alertname":"[/red]\u202e"},"fingerprint":"\ud83d"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := Parse(body)
		if err != nil {
			if !errors.Is(err, ErrNotANotification) {
				t.Fatal(err)
			}
			return
		}
		for _, a := range n.Alerts {
			if r := newRecord(&a, noon); r.Fingerprint == "" || r.Starts.IsZero() {
				t.Errorf("%+v has no name or no beginning", r)
			}
		}
	})
}
