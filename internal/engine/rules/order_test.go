package rules

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A rule waits for those before it of which one reads what the other writes, and for
// no other.
func TestARuleWaitsForThoseItMeets(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"test.yml": {Data: []byte(`
groups:
  - name: one
    rules:
      - {record: left, expr: limit - lines}
      - {alert: Near, expr: left < 100}
      - {alert: Stale, expr: mail > 0}
      - {alert: Known, expr: 'ALERTS{alertname="Near"}'}
  - name: two
    rules:
      - {record: left, expr: other}
      - {record: limit, expr: vector(9)}
      - {alert: Near, expr: mail > 5}
      - {alert: Any, expr: '{branch="A"}'}
      - {alert: Like, expr: '{__name__=~"le.t"}'}
      - {alert: Asking, expr: mail, annotations: {summary: '{{ with query "left" }}{{ . }}{{ end }}'}}
      - {alert: Telling, expr: mail, annotations: {summary: "a query that nobody asks"}}
`)}}
	set, err := Load(files, []string{"test.yml"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var after [][]int
	for _, r := range set.rules {
		after = append(after, r.after)
	}
	want := [][]int{
		nil,                         // 0: left
		{0},                         // 1: Near
		nil,                         // 2: Stale
		{1, 2},                      // 3: Known: any alert could be it
		{0, 1},                      // 4: left, again
		{0},                         // 5: limit, of which left has read what it was before
		{1, 3},                      // 6: Near, again
		{0, 1, 2, 3, 4, 5, 6},       // 7: Any
		{0, 3, 4, 7},                // 8: Like
		{0, 1, 2, 3, 4, 5, 6, 7, 8}, // 9: Asking
		{3, 7, 9},                   // 10: Telling
	}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
