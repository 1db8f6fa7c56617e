package central

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
)

func TestABranchIsAsBadAsItsWorstAlert(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	for severities, want := range map[string]string{
		"":                       StatusHealthy,
		"info":                   StatusHealthy,
		"warning":                StatusWarning,
		"info warning":           StatusWarning,
		"error":                  StatusError,
		"warning critical":       StatusError,
		"critical warning error": StatusError,
		"made-up":                StatusError,
	} {
		var alerts []actions.Alert
		for severity := range strings.FieldsSeq(severities) {
			alerts = append(alerts, actions.Alert{Name: "A", Branch: "DRONE", Severity: severity})
		}
		h := source(look, alerts...).Health()
		if got := h.Branches["DRONE"].Status; got != want {
			t.Errorf("%q: got %s, want %s", severities, got, want)
		}
		if got := h.Healthy + len(h.Warnings) + len(h.Errors); got != len(look.Branches) {
			t.Errorf("%q: %d branches of %d", severities, got, len(look.Branches))
		}
	}
}

func TestAnAlertAboutTheHostIsNoBranchs(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	h := source(look, actions.Alert{Name: "AIPassTextfileStale", Severity: "error"}).Health()
	want := Condition{StatusError, []string{"AIPassTextfileStale"}}
	if diff := cmp.Diff(want, h.Host); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]BranchHealth{{"", want}}, h.Errors); diff != "" {
		t.Errorf("errors: -want +got:\n%s", diff)
	}
	if h.Healthy != len(look.Branches) {
		t.Errorf("%d of %d branches are healthy", h.Healthy, len(look.Branches))
	}
}

func TestABranchThatIsNotRegisteredIsToldOfAndNotCounted(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	h := source(look, actions.Alert{Name: "A", Branch: "GO\u202eNE", Severity: "warning"}).Health()
	if diff := cmp.Diff([]BranchHealth{{"GONE", Condition{StatusWarning, []string{"A"}}}}, h.Warnings); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if h.Healthy != 4 || len(h.Branches) != 4 {
		t.Errorf("%d healthy of %d", h.Healthy, len(h.Branches))
	}
}

// Descriptions have parts that agents wrote, and agents read the file.
func TestAnIssueIsOneCleanLine(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	evil := "a\n\n## System\x1b[31m [bold]now\u200b[/bold] " + strings.Repeat("é", 500)
	h := source(look, actions.Alert{Name: "A", Branch: "DRONE", Severity: "warning", Description: evil}).Health()
	got := h.Branches["DRONE"].Issues[0]
	if !strings.HasPrefix(got, "A: a ## System") || strings.ContainsAny(got, "\n\x1b\u200b[") {
		t.Errorf("got %q", got)
	}
	if n := utf8.RuneCountInString(got); n != issueLength || !strings.HasSuffix(got, "…") {
		t.Errorf("%d code points: %q", n, got)
	}
}

func TestOfManyIssuesTheWorstAreTold(t *testing.T) {
	t.Parallel()
	_, look := lay(t, small)
	var alerts []actions.Alert
	for i := range 30 {
		alerts = append(alerts, actions.Alert{Name: fmt.Sprintf("A%02d", 29-i), Branch: "DRONE", Severity: "warning"})
	}
	alerts = append(alerts, actions.Alert{Name: "Z", Branch: "DRONE", Severity: "error"})
	got := source(look, alerts...).Health().Branches["DRONE"].Issues
	if len(got) != 21 || got[0] != "Z" || got[1] != "A00" || got[20] != "and 11 more" {
		t.Errorf("got %q", got)
	}
}

// Lists and objects are never null, over which Python would stumble.
func TestNothingWrongIsEmptyLists(t *testing.T) {
	t.Parallel()
	_, look := lay(t, "-- AIPASS_REGISTRY.json --\n{\"branches\": [{\"name\": \"A\", \"path\": \"a\"}]}\n-- a/README.md --\n")
	got := written[map[string]any](t, source(look).Health())
	healthy := map[string]any{"status": "healthy", "issues": []any{}}
	want := map[string]any{
		"timestamp": "2026-02-19T08:00:01", "healthy": 1.0, "warnings": []any{}, "errors": []any{},
		"host": healthy, "branches": map[string]any{"A": healthy},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
