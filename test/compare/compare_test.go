package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	median, peak, err := measure(contestant{argv: []string{"true"}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if median <= 0 || peak <= 0 {
		t.Errorf("got %v and %d bytes, want more than nothing", median, peak)
	}
}

func TestMeasureSaysWhyACommandFailed(t *testing.T) {
	t.Parallel()
	_, _, err := measure(contestant{argv: []string{"sh", "-c", "echo the kettle is empty >&2; exit 3"}}, 3)
	if want := "sh: exit status 3: the kettle is empty"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOnlySomeMayRefuse(t *testing.T) {
	t.Parallel()
	c := contestant{name: nextRun, argv: []string{"false"}, mayRefuse: true}
	if r, err := c.compete(1); err != nil || r.refused != "false: exit status 1: " {
		t.Errorf("got %+v, %v, want a refusal", r, err)
	}
	c.mayRefuse = false
	if _, err := c.compete(1); err == nil {
		t.Error("got no error")
	}
}

func TestWhatACommandDidIsPutBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made")
	c := contestant{argv: []string{"mkdir", dir}, afterwards: []string{"rmdir", dir}}
	if _, _, err := measure(c, 3); err != nil {
		t.Error(err)
	}
}

func TestMailIsAsStaleHoweverLateItIs(t *testing.T) {
	t.Parallel()
	c := contestant{argv: []string{"cleanup"}, staleBefore: time.Now().Add(-time.Hour)}
	age, _ := strings.CutPrefix(c.command()[1], "--stale-new=")
	if got, err := time.ParseDuration(age); err != nil || got < time.Hour || got > 2*time.Hour {
		t.Errorf("got %v, %v, want an hour and a bit", got, err)
	}
}

func TestParseSizes(t *testing.T) {
	t.Parallel()
	got, err := parseSizes("30, 2000")
	if diff := cmp.Diff([]int{30, 2000}, got); diff != "" || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "30,", "many", "1"} {
		if _, err := parseSizes(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

func TestPrepareListsTheFilesOfAHost(t *testing.T) {
	t.Parallel()
	track, err := prepare(t.TempDir(), 2, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(track.list)
	if err != nil {
		t.Fatal(err)
	}
	// Two registries, and eight files of each branch.
	if got, want := strings.Count(string(list), "\x00"), 2+2*8; got != want || track.files != want {
		t.Errorf("got %d files in the list and a count of %d, want %d", got, track.files, want)
	}
}

func TestCountSamples(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "# TYPE aipass_plans gauge\naipass_plans{status=\"open\"} 3\n\naipass_plans{status=\"closed\"} 1\n"
	if err := os.WriteFile(filepath.Join(dir, "aipass.prom"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := countSamples(dir); got != 2 || err != nil {
		t.Errorf("got %d, %v, want 2", got, err)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := markdown([]round{
		{branches: 30, files: 242, samples: 2700, results: results(10 * time.Millisecond)},
		{branches: 2000, files: 16002, samples: 180000, results: results(800 * time.Millisecond)},
	})
	want := `| branches | 30 | 2 000 | per branch, 2 000 ÷ 30 |
|---|--:|--:|--:|
| files | 242 | 16 002 |  |
| samples | 2 700 | 180 000 |  |
| nothing | 1.0 ms, 1.5 MB | 80.0 ms, 1.5 MB | 1.20 |
| first run | 10.0 ms, 1.5 MB | 800.0 ms, 1.5 MB | 1.20 |
| next run | refused | refused | – |
| stat | 5.0 ms, 1.5 MB | 400.0 ms, 1.5 MB | 1.20 |
| plain.py | 300.0 ms, 1.5 MB | 24000.0 ms, 1.5 MB | 1.20 |
| cat of the inboxes | 2.0 ms, 1.5 MB | 160.0 ms, 1.5 MB | 1.20 |
| cleanup, nothing stale | 4.0 ms, 1.5 MB | 320.0 ms, 1.5 MB | 1.20 |
| cleanup, 1 % of branches | 6.0 ms, 1.5 MB | 480.0 ms, 1.5 MB | 1.20 |
| aipass-actions run | – | – | – |
| first run ÷ stat | 2.00 | 2.00 |  |
| next run ÷ stat | – | – |  |
| plain.py ÷ first run | 30.00 | 30.00 |  |
| plain.py ÷ next run | – | – |  |
| cleanup, nothing stale ÷ cat of the inboxes | 2.00 | 2.00 |  |
| cleanup, 1 % of branches ÷ cat of the inboxes | 3.00 | 3.00 |  |

next run refused at 30 branches: no state

next run refused at 2 000 branches: no state
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func results(first time.Duration) map[string]result {
	return map[string]result{
		nothing:     {wall: first / 10, peak: 1.5e6},
		firstRun:    {wall: first, peak: 1.5e6},
		nextRun:     {refused: "no state"},
		statOfFiles: {wall: first / 2, peak: 1.5e6},
		plainPython: {wall: first * 30, peak: 1.5e6},
		readInboxes: {wall: first / 5, peak: 1.5e6},
		nothingOld:  {wall: first / 5 * 2, peak: 1.5e6},
		someOld:     {wall: first / 5 * 3, peak: 1.5e6},
	}
}
