package rulefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Values such as 0x3 are numbers to YAML: they must come out as they went in.
func TestFilesSurvive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.yml")
	want := TestFile{RuleFiles: []string{"r.yml"}, Tests: []TestGroup{{
		InputSeries: []Series{{Series: `a{b="c"}`, Values: "0x3"}},
		AlertTests: []AlertTest{{EvalTime: "0m", Alertname: "A", ExpAlerts: []ExpAlert{
			{Labels: map[string]string{"l": "yes"}, Annotations: map[string]string{"summary": "1"}},
		}}},
	}}}
	if err := Write(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTests(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUnknownMembersAreRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.yml")
	if err := os.WriteFile(path, []byte("groups: [{name: a, rules: [{alert: A, exprr: up}]}]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "exprr") {
		t.Errorf("got %v, want an error about exprr", err)
	}
}
