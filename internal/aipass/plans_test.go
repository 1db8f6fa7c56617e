package aipass

import "testing"

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
			if got, err := parsed(tt.text, parsePlans); err != nil || got != tt.want {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestPlanRegistryThatFlowWouldResetIsMalformed(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{``: "empty", `[]`: "not an object", `{"plans": {"1"`: "ends", "\ufeff{}": "byte order mark"} {
		_, err := parsed(text, parsePlans)
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
` + open, Plans{1, 1}, OK},
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
` + open, Plans{2, 1}, OK},
		"both": {`
-- aipass_core/flow/flow_json/flow_registry.json --
` + one + `
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{1, 2}, OK},
		"where the registry has FLOW": {`
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "flow", "path": "elsewhere/river"}]}
-- elsewhere/river/flow_json/fplan_registry.json --
` + open + `
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{1, 0}, OK},
		"not where FLOW leaves the root": {`
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "FLOW", "path": "/no/such/flow"}]}
-- src/aipass/flow/flow_json/fplan_registry.json --
` + closed, Plans{0, 1}, OK},
		"one of two broken": {`
-- src/aipass/flow/flow_json/fplan_registry.json --
{"plans":
-- src/aipass/flow/flow_json/dplan_registry.json --
` + open, Plans{1, 0}, Malformed},
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
			if s.Plans != tt.want || s.PlanRegistry.State() != tt.state {
				t.Errorf("got %v, %v (%v), want %v, %v", s.Plans, s.PlanRegistry.State(), s.PlanRegistry.Err, tt.want, tt.state)
			}
		})
	}
}
