package aipass

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func parseFlowPlans(d *jsonfile.Decoder) (Plans, error) { return parsePlans(d, "FPLAN-", time.UTC) }

func TestPlansAreOpenOrElseClosed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want Plans
	}{
		"as flow writes it": {`{"plans": {"0041": {"subject": "a", "status": "closed", "closed_reason": "x"},
			"0042": {"location": "/home/aipass", "status": "open"}}, "next_number": 43}`, Plans{Open: 1, Closed: 1}},
		"none":                     {`{"plans": {}}`, Plans{}},
		"no plans at all":          {`{"next_number": 1}`, Plans{}},
		"no status":                {`{"plans": {"1": {}}}`, Plans{Closed: 1}},
		"a status nobody knows":    {`{"plans": {"1": {"status": "OPEN"}, "2": {"status": null}, "3": {"status": ["open"]}}}`, Plans{Closed: 3}},
		"a plan that is none":      {`{"plans": {"1": "open", "2": null}}`, Plans{Closed: 2}},
		"plans twice, last wins":   {`{"plans": {"1": {"status": "open"}}, "plans": {"1": {"status": "closed"}}}`, Plans{Closed: 1}},
		"status twice, last wins":  {`{"plans": {"1": {"status": "open", "status": "closed"}}}`, Plans{Closed: 1}},
		"plans a list":             {`{"plans": [{"status": "open"}]}`, Plans{}},
		"NaN and other odd things": {`{"x": NaN, "plans": {"1": {"n": -Infinity, "status": "open"}}}`, Plans{Open: 1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := parsed(tt.text, parseFlowPlans); err != nil || got.Open != tt.want.Open || got.Closed != tt.want.Closed {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestPlanRegistryThatFlowWouldResetIsMalformed(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{``: "empty", `[]`: "not an object", `{"plans": {"1"`: "ends", "\ufeff{}": "byte order mark"} {
		_, err := parsed(text, parseFlowPlans)
		wantMalformed(t, err, reason)
	}
}

func TestPlansOfAllRegistriesOfBothGenerationsAreAddedUp(t *testing.T) {
	t.Parallel()
	const one, open, closed = `{"plans": {"1": {"status": "open"}, "2": {"status": "closed"}}}`, `{"plans": {"1": {"status": "open"}}}`, `{"plans": {"1": {"status": "closed"}}}`
	tests := map[string]struct {
		archive string
		want    Plans
		state   State
	}{
		"legacy": {`
-- BRANCH_REGISTRY.json --
{"branches": []}
-- aipass_core/flow/flow_json/flow_registry.json --
` + one + `
-- aipass_core/flow/flow_json/flow_log.json --
` + open + `
-- aipass_core/flow/flow_json/fplan_registry.json --
` + open, Plans{Open: 1, Closed: 1}, OK},
		"modern, one for each type": {`
-- AIPASS_REGISTRY.json --
{"branches": []}
-- src/aipass/flow/flow_json/fplan_registry.json --
` + one + `
-- src/aipass/flow/flow_json/dplan_registry.json --
` + open + `
-- src/aipass/flow/flow_json/PLAN_REGISTRY.json --
` + open + `
-- src/aipass/flow/flow_json/flow_registry.json --
` + open, Plans{Open: 2, Closed: 1}, OK},
		"both": {`
-- aipass_core/flow/flow_json/flow_registry.json --
` + one + `
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{Open: 1, Closed: 2}, OK},
		"where the registry has FLOW": {`
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "flow", "path": "elsewhere/river"}]}
-- elsewhere/river/flow_json/fplan_registry.json --
` + open + `
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{Open: 1, Closed: 0}, OK},
		"not where FLOW leaves the root": {`
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "FLOW", "path": "/no/such/flow"}]}
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{Open: 0, Closed: 1}, OK},
		"one of two broken": {`
-- src/aipass/flow/flow_json/fplan_registry.json --
{"plans":
-- src/aipass/flow/flow_json/dplan_registry.json --
` + open, Plans{Open: 1, Closed: 0}, Malformed},
		"none": {`
-- README.md --
`, Plans{}, Missing},
		"a file in the place of flow_json": {`
-- aipass_core/flow/flow_json --
`, Plans{}, Unreadable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := look(t, lay(t, tt.archive))
			if s.Plans.Open != tt.want.Open || s.Plans.Closed != tt.want.Closed || s.PlanRegistry.State() != tt.state {
				t.Errorf("got %v, %v (%v), want %v, %v", s.Plans, s.PlanRegistry.State(), s.PlanRegistry.Err, tt.want, tt.state)
			}
		})
	}
}

func TestTheOldestOpenPlansAreKnownByName(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": []}
-- AIPASS_REGISTRY.json --
{"branches": []}
-- aipass_core/flow/flow_json/flow_registry.json --
{"plans": {
  "0001": {"subject": "Long done", "status": "closed", "created": "2025-01-01T00:00:00+00:00"},
  "0042": {"subject": "Fix router", "status": "open", "created": "2026-02-10T09:12:33.123456+00:00"},
  "0043": {"subject": "Who knows", "status": "open", "created": "some day"},
  "0044": {"subject": ["odd"], "status": "open", "created": "2026-02-12T09:00:00+00:00"}
}}
-- src/aipass/flow/flow_json/fplan_registry.json --
{"plans": {
  "0002": {"subject": "Local time", "status": "open", "created": "2026-02-10T10:12:32"},
  "0003": {"subject": "Newest", "status": "open", "created": "2026-02-18T00:00:00+00:00"}
}}
-- src/aipass/flow/flow_json/dplan_registry.json --
{"plans": {"0001": {"subject": "Draw", "status": "open", "created": "2026-02-11T00:00:00Z"}}}
`)
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	s := lookWith(t, root, Options{Location: berlin})
	var got []string
	for _, p := range s.Plans.Oldest {
		got = append(got, fmt.Sprintf("%s %q %s", p.ID, p.Subject, p.Created.UTC().Format(time.DateTime)))
	}
	want := []string{
		`FPLAN-0002 "Local time" 2026-02-10 09:12:32`,
		`FPLAN-0042 "Fix router" 2026-02-10 09:12:33`,
		`DPLAN-0001 "Draw" 2026-02-11 00:00:00`,
		`FPLAN-0044 "" 2026-02-12 09:00:00`,
		`FPLAN-0003 "Newest" 2026-02-18 00:00:00`,
	}
	if diff := cmp.Diff(want, got); diff != "" || s.Plans.Open != 6 {
		t.Errorf("%d open: -want +got:\n%s", s.Plans.Open, diff)
	}
}

// However many there are: what a look keeps of them has a bound.
func TestOfManyOpenPlansTheOldestAreKept(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for n := range 100 {
		fmt.Fprintf(&text, `, "%02d": {"status": "open", "created": "2026-02-19T08:00:%02d"}`, n, n*37%100%60)
	}
	p, err := parsed(`{"plans": {"x": {"status": "open"}`+text.String()+`}}`, parseFlowPlans)
	must(t, err)
	if len(p.Oldest) != MaxPlans || p.Open != 101 {
		t.Fatalf("%d of %d", len(p.Oldest), p.Open)
	}
	for i, plan := range p.Oldest[1:] {
		if plan.before(p.Oldest[i]) < 0 || plan.Created.Second() > 3 {
			t.Errorf("%v is none of the oldest, or not in order", plan)
		}
	}
}
