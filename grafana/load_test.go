// Package grafana holds tests of the dashboards: that they have the form that
// Grafana publishes and follow the rules of the house, that they ask for metrics
// that exist, and that every query finds data on the demo day.
//
// There is no product code here, and no Grafana: nobody can say here how it looks
// there.
package grafana

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

func dashboards(t *testing.T) []dashboard.Dashboard {
	t.Helper()
	all, err := dashboard.ReadAll(".")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decoded is a file with nothing left out.
func decoded(t *testing.T, path string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(read(t, path), &doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

func TestThereAreFourDashboards(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range dashboards(t) {
		got = append(got, d.UID)
	}
	if diff := cmp.Diff([]string{"aipass-branch", "aipass-mail", "aipass-overview", "aipass-watcher"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDashboardsAreKeptFormatted(t *testing.T) {
	t.Parallel()
	for _, d := range dashboards(t) {
		kept := read(t, d.File)
		formatted, err := dashboard.Format(kept)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(formatted), string(kept)); diff != "" {
			t.Errorf("%s: run make dashboards (-formatted +kept):\n%s", d.File, diff)
		}
	}
}
