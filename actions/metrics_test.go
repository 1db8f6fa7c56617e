package actions

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// small is the state of a host of two branches, one of which needed nothing.
func small() State {
	var s State
	s.Ran("cleanup", now, 1500*time.Millisecond, time.Hour, true)
	s.Ran("cleanup", now.Add(time.Hour), 250*time.Millisecond, time.Hour, false)
	s.Ran("report", now.Add(500*time.Millisecond), 0, 0, false)
	s.MailCleanup.LastRun = now
	s.MailCleanup.Ages = CleanupAges{StaleNew: 172800, CloseOpened: 604800, MinOpen: 86400}
	s.MailCleanup.Register([]string{"DRONE", "IDLE"})
	s.MailCleanup.Add("DRONE", CleanupTotals{AutoOpened: 3, AutoClosed: 2, Errors: 1})
	s.Notifications.Register([]string{"DRONE", "IDLE"})
	s.Notifications.Add("DRONE", NotificationTotals{Delivered: 4, Updated: 3, Resolved: 2, Duplicate: 5, Folded: 6, Failed: 1})
	s.Events.Register([]string{"health_check_complete", "memory_threshold_exceeded"})
	s.Events.Add("memory_threshold_exceeded", EventTotals{Told: 7, Failed: 3, Left: 2})
	o := Observe(&s.Mailbox)
	for _, wait := range []time.Duration{500 * time.Microsecond, 50 * time.Millisecond, 500 * time.Microsecond, 20 * time.Second} {
		o.LockWaited(wait)
	}
	o.TornRead()
	return s
}

// build is what differs from one build to the next.
var build = regexp.MustCompile(`(version|revision|goversion|goos|goarch)="[^"]*"`)

// metrics is what the textfile would hold, after node_exporter's own parser
// and a linter have accepted it.
func metrics(t *testing.T, s State) string {
	t.Helper()
	var out bytes.Buffer
	must(t, WriteMetrics(&out, &s))
	if err := textfile.Check(bytes.NewReader(out.Bytes())); err != nil {
		t.Errorf("node_exporter would not take it: %v\n%s", err, out.String())
	}
	return build.ReplaceAllString(out.String(), `$1=""`)
}

// UPDATE=1 writes the golden file anew, to be read before it is committed.
func TestMetricsOfASmallState(t *testing.T) {
	t.Parallel()
	const golden = "testdata/actions.prom"
	got := metrics(t, small())
	if os.Getenv("UPDATE") != "" {
		must(t, errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(golden, []byte(got), 0o644)))
	}
	want, err := os.ReadFile(golden)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is missing: run the test with UPDATE=1 and read what it writes", golden)
	}
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMetricsAreTheSameTwice(t *testing.T) {
	t.Parallel()
	s := small()
	first := metrics(t, s)
	for range 5 {
		if diff := cmp.Diff(first, metrics(t, throughJSON(t, s))); diff != "" {
			t.Errorf("-first +next:\n%s", diff)
		}
	}
}

func TestMetricsOfAHostForWhichNothingHasBeenDone(t *testing.T) {
	t.Parallel()
	text := metrics(t, State{})
	for _, line := range []string{
		"aipass_mailbox_lock_wait_seconds_count 0\n", "aipass_mailbox_torn_reads_total 0\n", "aipass_mailbox_lost_updates_total 0\n",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("no %sin\n%s", line, text)
		}
	}
	if strings.Contains(text, "aipass_action_") || strings.Contains(text, "branch=") {
		t.Errorf("it tells of actions or branches that there are none of:\n%s", text)
	}
}

func TestEveryBranchHasZerosToCountFrom(t *testing.T) {
	t.Parallel()
	var s State
	s.MailCleanup.Register([]string{"DRONE", ".VSCODE", `odd "name" \`})
	text := metrics(t, s)
	for _, label := range []string{`DRONE`, `.VSCODE`, `odd \"name\" \\`} {
		for _, family := range []string{"aipass_mail_auto_opened_total", "aipass_mail_auto_closed_total", "aipass_mail_cleanup_errors_total"} {
			if sample := family + `{branch="` + label + "\"} 0\n"; !strings.Contains(text, sample) {
				t.Errorf("no %sin\n%s", sample, text)
			}
		}
	}
}

func TestWhatHasNeverBeenHasNoTime(t *testing.T) {
	t.Parallel()
	var s State
	s.Ran("cleanup", now, time.Second, 0, false)
	text := metrics(t, s)
	if strings.Contains(text, "last_success") || strings.Contains(text, "next_run") || !strings.Contains(text, "last_run") {
		t.Errorf("got\n%s", text)
	}
}

func TestLockWaitsOfOtherBoundsAreNotShownUnderThese(t *testing.T) {
	t.Parallel()
	for _, buckets := range [][]uint64{{7, 7}, {7, 7, 7, 7, 7, 7, 7}} {
		text := metrics(t, State{Mailbox: MailboxState{LockWaits: LockWaits{Buckets: buckets, Count: 70, SumSeconds: 70}}})
		if !strings.Contains(text, `aipass_mailbox_lock_wait_seconds_bucket{le="10"} 0`+"\n") || !strings.Contains(text, "aipass_mailbox_lock_wait_seconds_count 0\n") {
			t.Errorf("%v: got\n%s", buckets, text)
		}
	}
}

func TestEveryFamilyIsWrittenAndNoOther(t *testing.T) {
	t.Parallel()
	s := small()
	s.Mailbox.LostUpdates = 1
	var got, want []string
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (\S+ \S+)$`).FindAllStringSubmatch(metrics(t, s), -1) {
		got = append(got, found[1])
	}
	for _, f := range Families() {
		want = append(want, f.Name+" "+f.Type)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
