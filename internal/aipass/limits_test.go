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
			if got := s.linesLimit(b, &b.Local.Value); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestBrokenMemoryFileHasTheLimitOfItsBranch(t *testing.T) {
	t.Parallel()
	s, b := hostWithLimits(t, `{"rollover": {"per_branch": {"DRONE": {"max_lines": 800}}}}`, "{\n\n")
	if got := s.linesLimit(b, &b.Local.Value); got != 800 {
		t.Errorf("got %v, want 800", got)
	}
}

func TestLegacyHasNoLimitOfEntries(t *testing.T) {
	t.Parallel()
	s, b := hostWithLimits(t, "", `{"sessions": [1]}`)
	for _, array := range EntryArrays {
		if n := s.entriesLimit(b, localKind, array, &b.Local.Value); n != 0 {
			t.Errorf("%s: got %v, want none", array, n)
		}
	}
}

func TestModernLimitsEntriesPerBranchThenByDefaultThenByAIPassItself(t *testing.T) {
	t.Parallel()
	own := map[string]float64{"local sessions": 20, "local key_learnings": 25, "observations observations": 25}
	tests := map[string]struct {
		config string
		want   map[string]float64
	}{
		"no configuration": {"", own},
		"defaults": {
			`{"rollover": {"defaults": {"local": {"sessions": {"count": 30}}}}}`,
			map[string]float64{"local sessions": 30, "local key_learnings": 25, "observations observations": 25},
		},
		"per branch, by its directory, a file at a time": {
			`{"rollover": {
			"defaults": {"local": {"sessions": {"count": 30}, "key_learnings": {"count": 31}}},
			"per_branch": {"dröhne": {"local": {"sessions": {"count": 40}}}, "drone": {"local": {"sessions": {"count": 1}}}}}}`,
			map[string]float64{"local sessions": 40, "observations observations": 25},
		},
		"per branch, a file of which it says nothing": {
			`{"rollover": {"per_branch": {"dröhne": {"local": {}, "observations": {"observations": {"count": 41}}}}}}`,
			map[string]float64{"local sessions": 20, "local key_learnings": 25, "observations observations": 41},
		},
		"an array that AIPass leaves alone": {
			`{"rollover": {"defaults": {"local": {"todos": {"count": 50}, "observations": {"count": 51}}}}}`, own,
		},
		"not a number": {
			`{"rollover": {"defaults": {"local": {"sessions": {"count": "30"}, "key_learnings": 31}, "observations": null}}}`, own,
		},
		"a list": {`[]`, own},
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
			for file, m := range map[string]*Memory{localKind: &b.Local.Value, observationsKind: &b.Observations.Value} {
				for _, array := range EntryArrays {
					if n := s.entriesLimit(b, file, array, m); n != 0 {
						got[file+" "+array] = n
					}
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error("-want +got:\n", diff)
			}
			if n := s.linesLimit(b, &b.Local.Value); n != 0 {
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
	if got := s.linesLimit(b, &b.Local.Value); got != 600 {
		t.Errorf("got %v, want 600", got)
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
