package aipass

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

var entries = cmp.AllowUnexported(Registry{}, Entry{})

func TestRegistryIsAListOrAnObjectKeyedByName(t *testing.T) {
	t.Parallel()
	drone := Entry{Name: "DRONE", Email: "@drone", Profile: "library", Status: "active", path: "src/aipass/drone"}
	tests := map[string]string{
		"list":                       `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"object":                     `{"branches": {"DRONE": {"path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}}}`,
		"object, name also inside":   `{"branches": {"drone": {"name": "DRONE", "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}}}`,
		"object, name null inside":   `{"branches": {"DRONE": {"name": null, "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}}}`,
		"fields nobody knows":        `{"metadata": {"n": [1, {}]}, "branches": [{"alias": null, "owner": true, "name": "DRONE", "aliases": ["d"], "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"NaN and a big integer":      `{"metadata": {"a": NaN, "b": 123456789012345678901234567890}, "branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"branches twice, last wins":  `{"branches": [{"name": "OLD", "path": "old"}], "branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"a field twice, last wins":   `{"branches": [{"name": "OLD", "name": "DRONE", "path": "src/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"text with escapes":          `{"branches": [{"name": "\u0044RONE", "path": "src\/aipass/drone", "email": "@drone", "profile": "library", "status": "active"}]}`,
		"white space around it all":  "\r\n\t {\"branches\":[{\"name\":\"DRONE\",\"path\":\"src/aipass/drone\",\"email\":\"@drone\",\"profile\":\"library\",\"status\":\"active\"}]} \n",
		"email missing, so derived":  `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "profile": "library", "status": "active"}]}`,
		"email null, so derived":     `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": null, "profile": "library", "status": "active"}]}`,
		"email empty, so derived":    `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": "", "profile": "library", "status": "active"}]}`,
		"email no text, so derived":  `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": ["@x"], "profile": "library", "status": "active"}]}`,
		"email a number, so derived": `{"branches": [{"name": "DRONE", "path": "src/aipass/drone", "email": 7, "profile": "library", "status": "active"}]}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parsed(text, parseRegistry)
			must(t, err)
			if diff := cmp.Diff(Registry{Entries: []Entry{drone}}, got, entries); diff != "" {
				t.Error("-want +got:\n", diff)
			}
		})
	}
}

func TestMissingEmailIsDerivedAsAIPassDerivesIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ name, email string }{
		"the name in lower case":           {"DRONE", "@drone"},
		"an underscore stays":              {"AI_MAIL", "@ai_mail"},
		"after the last dot":               {".VSCODE", "@vscode"},
		"after the last of two dots":       {"A.B.Core", "@core"},
		"the first word":                   {"Input X", "@input"},
		"after AIPASS-":                    {"AIPASS-Help-Desk", "@help-desk"},
		"before the first hyphen":          {"TEAM-1-X", "@team"},
		"aipass- in lower case is no sign": {"aipass-core", "@aipass"},
		"a dot counts before a space":      {"A B.C D", "@c d"},
		"a space counts before AIPASS-":    {"AIPASS-A B", "@aipass-a"},
		"letters beyond ASCII":             {"ÄRGER", "@ärger"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := deriveEmail(tt.name); got != tt.email {
				t.Errorf("%q: got %q, want %q", tt.name, got, tt.email)
			}
		})
	}
}

func TestEntryWithoutNameOrPathIsSkippedAndTheOthersAreKept(t *testing.T) {
	t.Parallel()
	got, err := parsed(`{"branches": [
		{"path": "nameless"},
		{"name": "", "path": "empty"},
		{"name": "PATHLESS"},
		{"name": "NULL_PATH", "path": null},
		"DRONE", 7, null, ["DRONE"],
		{"name": "FLOW", "path": "flow"}
	]}`, parseRegistry)
	must(t, err)
	want := Registry{
		Entries: []Entry{{Name: "FLOW", Email: "@flow", path: "flow"}},
		skipped: []Skipped{
			{Path: "nameless", Reason: NoName},
			{Path: "empty", Reason: NoName},
			{Name: "PATHLESS", Reason: NoPath},
			{Name: "NULL_PATH", Reason: NoPath},
			{Reason: NoName},
			{Reason: NoName},
			{Reason: NoName},
			{Reason: NoName},
		},
	}
	if diff := cmp.Diff(want, got, entries); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}

func TestRegistryWithoutBranchesInItIsEmpty(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"branches": []}`, `{"branches": {}}`} {
		if got, err := parsed(text, parseRegistry); err != nil || len(got.Entries)+len(got.skipped) != 0 {
			t.Errorf("%s: got %v, %v, want nothing", text, got, err)
		}
	}
}

func TestRegistryThatAIPassCannotUseIsMalformed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, reason string }{
		"no branches":            {`{"metadata": {}}`, "it has no branches"},
		"branches null":          {`{"branches": null}`, "neither a list nor an object"},
		"branches a text":        {`{"branches": "DRONE"}`, "neither a list nor an object"},
		"a list at the top":      {`[{"name": "DRONE", "path": "drone"}]`, "not an object"},
		"empty":                  {``, "the file is empty"},
		"cut off":                {`{"branches": [{"name": "DRONE"`, "ends in the middle"},
		"something after it":     {`{"branches": []} {}`, "after the end"},
		"byte order mark":        {"\ufeff" + `{"branches": []}`, "byte order mark"},
		"not UTF-8":              {"{\"branches\": [{\"name\": \"\xff\"}]}", "not UTF-8"},
		"half a surrogate pair":  {`{"branches": [{"name": "\ud83d"}]}`, "surrogate"},
		"last of two is no list": {`{"branches": [], "branches": 1}`, "neither a list nor an object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parsed(tt.text, parseRegistry)
			wantMalformed(t, err, tt.reason)
		})
	}
}
