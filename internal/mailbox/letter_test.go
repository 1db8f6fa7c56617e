package mailbox

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// deliveredLetter puts a letter into an empty inbox and returns it as it stands there,
// but for its id.
func deliveredLetter(t *testing.T, l *Letter, o Options) string {
	t.Helper()
	dir := put(t, `{"messages": []}`)
	must(t, at(dir, o).Deliver(t.Context(), l))
	return regexp.MustCompile(`"id": "[0-9a-f]{8}"`).ReplaceAllString(raws(t, dir)[0], `"id": "ID"`)
}

func TestALetterHasAllMembersThatAIPassWrites(t *testing.T) {
	t.Parallel()
	got := deliveredLetter(t, letter("[DAILY] System Report - 2026-02-19"), Options{})
	want := `{
      "id": "ID",
      "timestamp": "2026-02-19 08:00:03",
      "from": "@trigger",
      "from_name": "Trigger",
      "subject": "[DAILY] System Report - 2026-02-19",
      "message": "All good.",
      "status": "new",
      "auto_execute": false,
      "priority": "normal",
      "aipass_actions": {}
    }`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestALettersTextIsSafeToShowAndKeepsItsCharacters(t *testing.T) {
	t.Parallel()
	l := letter("Grüße\n[/red] <𝄞> & \u202eback\x00")
	l.FromName = "Tr[i]gger\r\n"
	l.Message = "one\ntwo\t[bold]three \u2028\x1b[31m \xff"
	var got struct {
		Name    string `json:"from_name"`
		Subject string `json:"subject"`
		Message string `json:"message"`
	}
	raw := deliveredLetter(t, l, Options{})
	must(t, json.Unmarshal([]byte(raw), &got))
	want := []string{"Tr(i]gger", "Grüße (/red] <𝄞> & back", "one\ntwo\t(bold]three  (31m \ufffd"}
	if diff := cmp.Diff(want, []string{got.Name, got.Subject, got.Message}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !strings.Contains(raw, "Grüße (/red] <𝄞> &") {
		t.Errorf("escaped where Python would not: %s", raw)
	}
}

func TestALettersPriorityAndMarkerAreItsOwn(t *testing.T) {
	t.Parallel()
	l := letter("x")
	l.Priority = "high"
	l.Marker = json.RawMessage(`{"alerts":[{"count":1.50,"name":"<a>"}],"none":[]}`)
	got := deliveredLetter(t, l, Options{})
	want := `
      "priority": "high",
      "aipass_actions": {
        "alerts": [
          {
            "count": 1.50,
            "name": "<a>"
          }
        ],
        "none": []
      }
    }`
	if !strings.HasSuffix(got, want) {
		t.Errorf("got %s\nwant at its end %s", got, want)
	}
}

func TestALetterStartsNoAgentWhateverItsMarkerSays(t *testing.T) {
	t.Parallel()
	l := letter(`", "auto_execute": true, "x": "`)
	l.Marker = json.RawMessage(`{"auto_execute": true}`)
	dir := put(t, `{"messages": []}`)
	must(t, at(dir, Options{}).Deliver(t.Context(), l))
	if got := judge[any](t, `says = json.loads(given)["messages"][0]["auto_execute"]`, inbox(t, dir)); got != false {
		t.Errorf("got %v, want false", got)
	}
}

func TestALetterIsStampedInLocalTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, sent, want string }{
		{"UTC", "2026-02-19T08:00:03Z", "2026-02-19 08:00:03"},
		{"UTC", "2026-02-19T23:30:00-08:00", "2026-02-20 07:30:00"},
		{"UTC", "2026-02-19T08:00:03.999999Z", "2026-02-19 08:00:03"},
		{"Europe/Berlin", "2026-02-19T08:00:03Z", "2026-02-19 09:00:03"},
		{"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59"}, // clocks go forward
		{"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00"},
		{"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25 02:30:00"}, // clocks go back
		{"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00"},
		{"America/New_York", "2026-11-01T05:59:59Z", "2026-11-01 01:59:59"},
		{"America/New_York", "2026-11-01T07:00:00Z", "2026-11-01 02:00:00"},
		{"Asia/Kathmandu", "2026-12-31T18:15:00Z", "2027-01-01 00:00:00"},      // 5 h 45 min
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05 01:30:00"}, // half an hour back
	} {
		l := letter("x")
		l.Sent, _ = time.Parse(time.RFC3339Nano, c.sent)
		got := deliveredLetter(t, l, Options{Location: zone(t, c.zone)})
		if !strings.Contains(got, `"timestamp": "`+c.want+`"`) {
			t.Errorf("%s in %s: got %s, want %s", c.sent, c.zone, got, c.want)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	must(t, err)
	return loc
}

func TestLocalTimeIsThisMachinesUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	must(t, At(dir, Options{}).Deliver(t.Context(), letter("x")))
	if want := now.Local().Format(time.DateTime); !strings.Contains(inbox(t, dir), want) {
		t.Errorf("no %s in %s", want, inbox(t, dir))
	}
}

func TestALetterThatNobodyCouldAnswerOrReadIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Letter){
		"no address":          func(l *Letter) { l.From = "" },
		"not an address":      func(l *Letter) { l.From = "trigger" },
		"no name":             func(l *Letter) { l.FromName = "" },
		"no subject":          func(l *Letter) { l.Subject = "" },
		"no text":             func(l *Letter) { l.Message = "" },
		"no time":             func(l *Letter) { l.Sent = time.Time{} },
		"a marker of no JSON": func(l *Letter) { l.Marker = json.RawMessage(`{"a":`) },
	} {
		dir := put(t, `{"messages": []}`)
		l := letter("x")
		spoil(l)
		if err := at(dir, Options{}).Deliver(t.Context(), l); err == nil || inbox(t, dir) != `{"messages": []}` {
			t.Errorf("%s: got %v and %s", name, err, inbox(t, dir))
		}
	}
}

func TestLettersComeFirstNewestFirst(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [{"subject": "old"}]}`)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		must(t, d.Deliver(letter("one")))
		return d.Deliver(letter("two"))
	})
	must(t, err)
	must(t, at(dir, Options{}).Deliver(t.Context(), letter("three")))
	got := judge[[]string](t, `says = [m["subject"] for m in json.loads(given)["messages"]]`, inbox(t, dir))
	if diff := cmp.Diff([]string{"three", "two", "one", "old"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
