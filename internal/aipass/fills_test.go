package aipass

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFillsAreTheLinesOfTextAndTheArraysOfWholeFiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		archive string
		want    []Fill
	}{
		"legacy": {`
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/DRONE.local.json --
{"sessions": [1, 2],
 "todos": []}
-- drone/DRONE.observations.json --
{"document_metadata": {"limits": {"max_lines": 900}}, "observations": [1]}
`, []Fill{{"local", "", 2, 600}, {"local", "sessions", 2, 0}, {"local", "todos", 0, 0}, {"observations", "", 1, 900}, {"observations", "observations", 1, 0}}},
		"modern": {`
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/.trinity/local.json --
{"sessions": [1, 2], "todos": [3]}
-- drone/.trinity/observations.json --
{"observations": []}
`, []Fill{{"local", "", 1, 0}, {"local", "sessions", 2, 20}, {"local", "todos", 1, 0}, {"observations", "", 1, 0}, {"observations", "observations", 0, 25}}},
		"broken, but text": {`
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/DRONE.local.json --
{"sessions": [1, 2],

`, []Fill{{"local", "", 2, 600}}},
		"limits that nothing reaches": {`
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/DRONE.local.json --
{"document_metadata": {"limits": {"max_lines": Infinity}}}
-- drone/DRONE.observations.json --
{"document_metadata": {"limits": {"max_lines": -1}}}
`, []Fill{{"local", "", 1, 0}, {"observations", "", 1, 0}}},
		"nothing there": {`
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/README.md --
`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := look(t, lay(t, tt.archive))
			if diff := cmp.Diff(tt.want, s.Fills(branch(t, s, "DRONE"))); diff != "" {
				t.Error("-want +got:\n", diff)
			}
		})
	}
}
