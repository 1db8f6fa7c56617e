package alerts

import (
	"encoding/json"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// What a message stands for is kept where anybody can write.

// remark has somebody change what DRONE's messages stand for.
func (h *host) remark(change func(*note)) {
	h.t.Helper()
	h.edit(func(d *mailbox.Doc, m *mailbox.Message) error {
		var n note
		must(h.t, json.Unmarshal(m.Marker(), &n))
		change(&n)
		data, err := json.Marshal(n)
		must(h.t, err)
		return d.Set(m, mailbox.Field{Name: mailbox.MarkerMember, Value: string(data)})
	})
}

// Whoever writes mail by hand, with ours as the model, may take the marker along.
func TestSomebodyElsesMailIsNotOursForAMarkerInIt(t *testing.T) {
	t.Parallel()
	for name, its := range map[string]mailbox.Field{
		"subject":      {Name: "subject", Value: `"Please look at this"`},
		"sender":       {Name: "from", Value: `"@flow"`},
		"auto_execute": {Name: "auto_execute", Value: `true`},
	} {
		for where, do := range map[string]func(*mailbox.Doc, *mailbox.Message) error{"in the inbox": openNew, "closed": archive} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				h := newHost(t)
				h.says("delivered", fires("a", 0))
				h.edit(set(its.Name, its.Value))
				h.edit(set("message", `"What I have to say."`))
				h.edit(do)
				h.after(hour).says("delivered", fires("a", 0))
				h.says("resolved", ends("a", 0, hour))
				mails := append(h.inbox("drone"), h.closedMail("drone")...)
				if !slices.ContainsFunc(mails, func(m mail) bool { return m.Message == "What I have to say." }) || len(mails) != 2 {
					t.Errorf("%+v", mails)
				}
			})
		}
	}
}

func TestMailThatStandsForNoAlertIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*note){
		"another kind": func(n *note) { n.Kind = "another" },
		"no alerts":    func(n *note) { n.Alerts = nil },
		"fingerprint":  func(n *note) { n.Alerts[0].Fingerprint = "a" },
		"episode":      func(n *note) { n.Alerts[0].Episode = 0 },
	} {
		h := newHost(t)
		h.says("delivered", fires("a", 0))
		h.remark(spoil)
		before := h.inbox("drone")[0]
		h.after(minute).accept(notification(fires("a", 0)), ToBranch)
		if in := h.inbox("drone"); len(in) != 2 || !reflect.DeepEqual(in[1], before) {
			t.Errorf("%s: %+v", name, in)
		}
	}
}

func TestAStatusThatIsNoneHidesNoAlert(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered delivered", fires("a", 0), fires("b", 0))
	h.remark(func(n *note) { n.Alerts[0].Status = "Firing" })
	h.after(minute).says("updated resolved", fires("a", 0), ends("b", 0, minute))
	h.has("new: a firing; b resolved")
}

func TestARecordThatIsThereTwiceDoesNotKeepAMessageFromItsEnd(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.remark(func(n *note) { n.Alerts = append(n.Alerts, n.Alerts...) })
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.has("closed: a resolved")
}

// Of two records the later is what is known, whichever stands first.
func TestOfRecordsThatAreThereTwiceTheLaterCounts(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]func(*record){
		"a later episode":   func(r *record) { r.Episode, r.Status, r.Ends = 2, resolved, noon.Add(minute) },
		"a later beginning": func(r *record) { r.Starts, r.Status, r.Ends = noon.Add(minute/2), resolved, noon.Add(minute) },
	} {
		for _, first := range []bool{true, false} {
			h := newHost(t)
			h.says("delivered", fires("a", 0))
			h.open()
			h.remark(func(n *note) {
				r := n.Alerts[0]
				newer(&r)
				n.Alerts = append(n.Alerts, r)
				if first {
					slices.Reverse(n.Alerts)
				}
			})
			if got := h.after(2*minute).accept(notification(ends("a", 0, minute)), ToBranch); got[0] != Duplicate {
				t.Errorf("%s, first %v: %v, want the end known", name, first, got)
			}
		}
	}
}

// Nothing comes after the last number that there is.
func TestAnEpisodeAsLateAsCanBeHasANext(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	h.open()
	h.after(minute).says("resolved", ends("a", 0, minute))
	h.remark(func(n *note) { n.Alerts[0].Episode = int(^uint(0) >> 1) })
	h.after(minute).says("delivered", fires("a", 2*minute))
	h.says("duplicate", fires("a", 2*minute))
}

// What somebody writes into a message must not cost more memory than it is
// large, by much.
func TestAMarkerOfManyEmptyRecordsCostsLittleMemory(t *testing.T) {
	h := newHost(t)
	h.says("delivered", fires("a", 0))
	many := `{"kind": "alerts", "alerts": [{}` + strings.Repeat(",{}", 1<<17) + `]}`
	h.edit(set(mailbox.MarkerMember, many))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h.after(minute).says("delivered", fires("a", 0))
	runtime.ReadMemStats(&after)
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 16 {
		t.Errorf("%d MiB for a message of %d KiB", grown, len(many)>>10)
	}
}

func TestAMarkerOfAnyShapeIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, spoilt := range []string{
		`[]`, `7`, `"alerts"`, `true`, `{"kind": ["alerts"]}`, `{"kind": "alerts", "alerts": {}}`, `{"kind": "alerts", "alerts": [7]}`,
		`{"kind": "alerts", "alerts": [{"fingerprint": {}}]}`, `{"kind": "alerts", "alerts": null}`,
		`{"kind": "alerts", "alerts": [{"fingerprint": "x", "status": "firing", "count": 1e400}]}`,
		`{"kind": "alerts", "x": ` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}`,
		`{"kind": "alerts", "alerts": [{"fingerprint": "x", "starts_at": "yesterday"}]}`,
	} {
		h := newHost(t)
		h.says("delivered", fires("a", 0))
		h.edit(set("aipass_actions", spoilt))
		before := h.inbox("drone")[0]
		h.says("delivered", fires("a", 0))
		h.says("duplicate", fires("a", 0))
		if after := h.inbox("drone"); len(after) != 2 || after[1].Message != before.Message {
			t.Errorf("%.60s: %+v", spoilt, after)
		}
	}
}

// What forged records say is in quotes as well.
func TestNoRecordGetsOutOfItsQuotes(t *testing.T) {
	t.Parallel()
	for _, evil := range hostile {
		h := newHost(t)
		h.says("delivered delivered", fires("a", 0), fires("b", 0))
		h.remark(func(n *note) {
			n.Reason, n.Group = evil, evil
			r := &n.Alerts[0]
			r.Name, r.Branch, r.Severity, r.Priority, r.Summary, r.Description, r.For, r.Runbook = evil, evil, evil, evil, evil, evil, evil, "https://"+evil
			r.Count = -7
		})
		h.after(minute).says("resolved", ends("b", 0, minute))
		m := h.inbox("drone")[0]
		for line := range strings.SplitSeq(m.Message, "\n") {
			line, _, _ = strings.Cut(line, "; meant for ")
			if !frame.MatchString(line) {
				t.Errorf("%.40q got out: %q", evil, line)
			}
		}
	}
}
