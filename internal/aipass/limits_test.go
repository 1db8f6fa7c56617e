package aipass

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func limitsOf(layout Layout) func(*jsonfile.Decoder) (limits, error) {
	return func(d *jsonfile.Decoder) (limits, error) { return parseLimits(d, layout) }
}

// hostWithLimits is a legacy host with one branch, its memory file and AIPass's configuration.
func hostWithLimits(t *testing.T, config, memory string) (*Snapshot, *Branch) {
	t.Helper()
	root := lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "Drone", "path": "aipass_core/drone"}]}
`)
	put(t, filepath.Join(root, "aipass_core", "drone", "DRONE.local.json"), memory)
	if config != "" {
		put(t, filepath.Join(root, "MEMORY_BANK", "memory_bank_json", "memory_bank.config.json"), config)
	}
	s := look(t, root)
	return s, branch(t, s, "Drone")
}

func TestLinesLimitIsTheFilesOwnThenTheBranchsThenTheDefaultThen600(t *testing.T) {
	t.Parallel()
	const (
		own        = `{"document_metadata": {"limits": {"max_lines": 900}}}`
		none       = `{}`
		perBranch  = `"per_branch": {"DRONE": {"max_lines": 800}, "FLOW": {"max_lines": 1}}`
		configured = `"defaults": {"max_lines": 700}`
	)
	tests := map[string]struct {
		config, memory string
		want           float64
	}{
		"the file's own":                    {`{"rollover": {` + perBranch + `, ` + configured + `}}`, own, 900},
		"the branch's":                      {`{"rollover": {` + perBranch + `, ` + configured + `}}`, none, 800},
		"the default":                       {`{"rollover": {` + configured + `}}`, none, 700},
		"600, nothing set":                  {`{"rollover": {}}`, none, 600},
		"600, no configuration":             {"", none, 600},
		"the file's own, no configuration":  {"", own, 900},
		"600, a broken configuration":       {`{"rollover": {` + configured, none, 600},
		"600, another branch's":             {`{"rollover": {"per_branch": {"FLOW": {"max_lines": 1}}}}`, none, 600},
		"the default, the branch's is text": {`{"rollover": {"per_branch": {"DRONE": {"max_lines": "many"}}, ` + configured + `}}`, none, 700},
		"600, rollover is a list":           {`{"rollover": [` + "1" + `]}`, none, 600},
		"600, defaults at the top":          {`{` + configured + `}`, none, 600},
		"rollover twice, last wins":         {`{"rollover": {` + perBranch + `}, "rollover": {` + configured + `}}`, none, 700},
		"beyond all numbers":                {`{"rollover": {"defaults": {"max_lines": 1` + strings.Repeat("0", 400) + `}}}`, none, math.Inf(1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, b := hostWithLimits(t, tt.config, tt.memory)
			if got, ok := s.linesLimit(b, &b.Local.Value); !ok || got != tt.want {
				t.Errorf("got %v, %t, want %v", got, ok, tt.want)
			}
		})
	}
}

func TestBrokenMemoryFileHasTheLimitOfItsBranch(t *testing.T) {
	t.Parallel()
	s, b := hostWithLimits(t, `{"rollover": {"per_branch": {"DRONE": {"max_lines": 800}}}}`, "{\n\n")
	if got, ok := s.linesLimit(b, &b.Local.Value); !ok || got != 800 {
		t.Errorf("got %v, %t, want 800", got, ok)
	}
}

func TestLegacyHasNoLimitOfEntries(t *testing.T) {
	t.Parallel()
	s, b := hostWithLimits(t, "", `{"sessions": [1]}`)
	for _, array := range EntryArrays {
		if n, ok := s.entriesLimit(b, array); ok {
			t.Errorf("%s: got %v, want none", array, n)
		}
	}
}

func TestModernLimitsEntriesPerBranchThenByDefaultThenByAIPassItself(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config string
		want   map[string]float64
	}{
		"no configuration": {"", map[string]float64{"sessions": 20, "key_learnings": 25, "observations": 25}},
		"defaults": {
			`{"rollover": {"defaults": {"local": {"sessions": {"count": 30}}}}}`,
			map[string]float64{"sessions": 30, "key_learnings": 25, "observations": 25},
		},
		"per branch, by its directory": {
			`{"rollover": {
			"defaults": {"local": {"sessions": {"count": 30}, "key_learnings": {"count": 31}}},
			"per_branch": {"dröhne": {"local": {"sessions": {"count": 40}}, "observations": {"observations": {"count": 41}}},
				"drone": {"local": {"sessions": {"count": 1}}}}}}`,
			map[string]float64{"sessions": 40, "key_learnings": 31, "observations": 41},
		},
		"an array that AIPass leaves alone": {
			`{"rollover": {"defaults": {"local": {"todos": {"count": 50}}}}}`,
			map[string]float64{"sessions": 20, "key_learnings": 25, "observations": 25, "todos": 50},
		},
		"not a number": {
			`{"rollover": {"defaults": {"local": {"sessions": {"count": "30"}, "key_learnings": 31}, "observations": null}}}`,
			map[string]float64{"sessions": 20, "key_learnings": 25, "observations": 25},
		},
		"a list": {`[]`, map[string]float64{"sessions": 20, "key_learnings": 25, "observations": 25}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "src/aipass/Dröhne"}]}
-- src/aipass/Dröhne/.trinity/local.json --
{"sessions": []}
-- src/aipass/Dröhne/.trinity/observations.json --
{"observations": []}
`)
			if tt.config != "" {
				put(t, filepath.Join(root, "src/aipass/memory/memory_json/custom_config/memory.config.json"), tt.config)
			}
			s := look(t, root)
			b, got := branch(t, s, "DRONE"), map[string]float64{}
			for _, array := range EntryArrays {
				if n, ok := s.entriesLimit(b, array); ok {
					got[array] = n
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error("-want +got:\n", diff)
			}
			if n, ok := s.linesLimit(b, &b.Local.Value); ok {
				t.Errorf("got a limit of %v lines, want none: the modern generation counts entries", n)
			}
		})
	}
}

func TestModernFileMayLimitItsLinesItself(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/.trinity/local.json --
{"document_metadata": {"limits": {"max_lines": 600}}}
`))
	b := branch(t, s, "DRONE")
	if got, ok := s.linesLimit(b, &b.Local.Value); !ok || got != 600 {
		t.Errorf("got %v, %t, want 600", got, ok)
	}
}

func TestConfigurationThatAIPassCannotReadIsMalformed(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{``: "empty", `[]`: "not an object", `{"rollover": {`: "ends", "\ufeff{}": "byte order mark"} {
		for _, layout := range layouts {
			_, err := parsed(text, limitsOf(layout))
			wantMalformed(t, err, reason)
		}
	}
}
