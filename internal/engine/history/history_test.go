package history_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// The TSDB leaves two goroutines behind when it cannot open its files.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/prometheus/prometheus/tsdb/wlog.(*WL).run"))
}

// noon is when the first run is.
var noon = time.Date(2026, 2, 19, 12, 0, 0, 0, time.UTC)

const textfile = "/var/lib/prometheus/node-exporter/aipass.prom"

// A host has a history, which each run opens and closes.
type host struct {
	t       *testing.T
	dir     string
	options history.Options
	extra   []history.Textfile
	wanted  *history.Selection
	last    time.Time // of the last run
}

func newHost(t *testing.T) *host {
	return &host{t: t, dir: filepath.Join(t.TempDir(), "tsdb"), options: history.Options{Interval: time.Hour}}
}

func (h *host) open(now time.Time) *history.DB {
	h.t.Helper()
	db, err := history.Open(h.dir, now, h.options)
	if err != nil {
		h.t.Fatal(err)
	}
	return db
}

func (h *host) close(db *history.DB) {
	h.t.Helper()
	if err := db.Close(); err != nil {
		h.t.Fatal(err)
	}
}

// run writes one scrape, and returns what was wrong with it.
func (h *host) run(now time.Time, text string) []error {
	h.t.Helper()
	h.last = now
	db := h.open(now)
	defer h.close(db)
	faults, err := db.Scrape(h.t.Context(), history.Scrape{
		Time: now, Job: "node", Instance: "attic", Wanted: h.wanted,
		Textfiles: append([]history.Textfile{{Path: textfile, ModTime: now.Add(-time.Second), Text: []byte(text)}}, h.extra...),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return faults
}

// gives checks an instant query: a line for each series, labels and value.
func (h *host) gives(query string, at time.Time, want ...string) {
	h.t.Helper()
	db := h.open(h.last)
	defer h.close(db)
	series, err := db.Query(h.t.Context(), query, at)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []string
	for _, s := range series {
		got = append(got, fmt.Sprintf("%v %.6g", s.Labels, s.Points[0].Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("%s at %s: -want +got:\n%s", query, at.Format(time.RFC3339), diff)
	}
}

func TestScrapeIsNodeExporters(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.extra = []history.Textfile{{Path: "/var/lib/prometheus/node-exporter/job.prom", ModTime: noon, Text: []byte("backup{job=\"nightly\"} 1\n")}}
	h.run(noon, "# TYPE aipass_memory_lines gauge\naipass_memory_lines{branch=\"A\"} 600\n")
	h.gives("aipass_memory_lines", noon, "map[__name__:aipass_memory_lines branch:A instance:attic job:node] 600")
	h.gives("backup", noon, "map[__name__:backup exported_job:nightly instance:attic job:node] 1")
	h.gives("node_textfile_mtime_seconds - "+strconv.FormatInt(noon.Unix(), 10), noon,
		"map[file:"+textfile+" instance:attic job:node] -1",
		"map[file:/var/lib/prometheus/node-exporter/job.prom instance:attic job:node] 0")
	h.gives("up + node_textfile_scrape_error", noon, "map[instance:attic job:node] 1")
}

func TestBrokenTextfileCostsItsOwnSamples(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.extra = []history.Textfile{{Path: "/broken.prom", Text: []byte("good 1\nbad{ 1\n")}}
	faults := h.run(noon, "aipass_x 1\n")
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "/broken.prom") {
		t.Errorf("faults %v, want one that names the file", faults)
	}
	h.gives("aipass_x", noon, "map[__name__:aipass_x instance:attic job:node] 1")
	h.gives("good", noon)
	h.gives("node_textfile_scrape_error", noon, "map[__name__:node_textfile_scrape_error instance:attic job:node] 1")
}

func TestHostItselfCanBeScraped(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.last = noon
	db := h.open(noon)
	_, err := db.Scrape(t.Context(), history.Scrape{Time: noon, Job: "node", Instance: "attic", Host: []byte("node_filesystem_avail_bytes{mountpoint=\"/\"} 1\n")})
	if err != nil {
		t.Fatal(err)
	}
	h.close(db)
	h.gives("node_filesystem_avail_bytes", noon, "map[__name__:node_filesystem_avail_bytes instance:attic job:node mountpoint:/] 1")
}

// What is not in the next scrape is gone at once, and is still of the time when
// it was there.
func TestVanishedSeriesIsGone(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon, "aipass_x{branch=\"A\"} 1\naipass_x{branch=\"B\"} 1\n")
	h.run(noon.Add(time.Hour), "aipass_x{branch=\"B\"} 2\n")
	h.gives("aipass_x", noon.Add(time.Hour), "map[__name__:aipass_x branch:B instance:attic job:node] 2")
	h.gives("aipass_x", noon.Add(59*time.Minute),
		"map[__name__:aipass_x branch:A instance:attic job:node] 1",
		"map[__name__:aipass_x branch:B instance:attic job:node] 1")
	h.gives(`absent(aipass_x{branch="A"})`, noon.Add(time.Hour), "map[branch:A] 1")
	h.gives(`present_over_time(aipass_x{branch="A"}[2h])`, noon.Add(time.Hour), "map[branch:A instance:attic job:node] 1")
}

// One run that did not come is bridged, and no more than that.
func TestWhatIsNotScrapedEnds(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon, "aipass_x 1\n")
	h.gives("aipass_x", noon.Add(2*time.Hour), "map[__name__:aipass_x instance:attic job:node] 1")
	h.gives("aipass_x", noon.Add(2*time.Hour+6*time.Minute))
	h.gives("absent(aipass_x)", noon.Add(2*time.Hour+6*time.Minute), "map[] 1")
}

// counter is a value that stands still for hours, grows, and begins anew.
func counter(hour int) float64 { return float64((hour * hour / 7) % 23) }

// Prometheus would have scraped the textfile every minute. Runs that come every
// hour store a sixtieth of that, and queries find all of it.
func TestHourlyRunsAreAScrapeEveryMinute(t *testing.T) {
	t.Parallel()
	hourly, minutely := newHost(t), newHost(t)
	minutely.options.Interval = 29 * time.Second // nothing is carried over a minute
	const hours = 30
	db := minutely.open(noon)
	for minute := range hours*60 + 1 {
		text := fmt.Sprintf("aipass_x %g\n", counter(minute/60))
		scrape := history.Scrape{Time: noon.Add(time.Duration(minute) * time.Minute), Job: "node", Instance: "attic", Host: []byte(text)}
		if _, err := db.Scrape(t.Context(), scrape); err != nil {
			t.Fatal(err)
		}
		if minute%60 == 0 {
			hourly.run(scrape.Time, text)
		}
	}
	minutely.close(db)
	for _, query := range []string{
		"aipass_x", "increase(aipass_x[1h])", "increase(aipass_x[90m])", "increase(aipass_x[2h])", "rate(aipass_x[5m])",
		"delta(aipass_x[3h])", "predict_linear(aipass_x[1d], 86400)", "avg_over_time(aipass_x[1d])", "changes(aipass_x[6h])",
		"resets(aipass_x[1d])", "count_over_time(aipass_x[1d])", "stddev_over_time(aipass_x[4h])", "aipass_x offset 90m",
		"max_over_time(increase(aipass_x[2h])[6h:10m])", "present_over_time(aipass_x[2h] offset 10h)", "aipass_x @ end()",
	} {
		end := noon.Add(hours * time.Hour)
		want := rangeOf(minutely, query, noon, end)
		if len(want) == 0 {
			t.Errorf("%s gives nothing: it is no test", query)
		}
		if diff := cmp.Diff(want, rangeOf(hourly, query, noon, end)); diff != "" {
			t.Errorf("%s: -scraped every minute +hourly runs:\n%s", query, diff)
		}
	}
}

func rangeOf(h *host, query string, start, end time.Time) []history.Series {
	h.t.Helper()
	db := h.open(end)
	defer h.close(db)
	series, err := db.QueryRange(context.Background(), query, start, end, 17*time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	return series
}

func TestSevenDaysAreKept(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.options.Retention = 24 * time.Hour
	now := noon
	for range 48 {
		h.run(now, "aipass_x 1\n")
		now = now.Add(time.Hour)
	}
	h.gives("count_over_time(aipass_x[20h]) > 1000", now, "map[instance:attic job:node] 1200")
	h.gives("aipass_x", noon.Add(time.Hour))
	blocks, err := filepath.Glob(filepath.Join(h.dir, "*", "meta.json"))
	if err != nil || len(blocks) == 0 || len(blocks) > 14 {
		t.Errorf("%d blocks, want a few: %v", len(blocks), err)
	}
}

// Before its time is over, the oldest gives way to what there is no room for.
func TestNoMoreIsKeptThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	full, small := newHost(t), newHost(t)
	small.options.MaxBytes = 64 << 10
	var page strings.Builder
	for n := range 200 {
		fmt.Fprintf(&page, "aipass_x{n=\"%d\"} 1\n", n)
	}
	now := noon
	for range 48 {
		full.run(now, page.String())
		small.run(now, page.String())
		now = now.Add(time.Hour)
	}
	full.gives("count(aipass_x)", noon.Add(time.Hour), "map[] 200")
	small.gives("count(aipass_x)", noon.Add(time.Hour))
	small.gives("count(aipass_x)", now, "map[] 200")
	if size := blocks(t, small.dir); size > small.options.MaxBytes {
		t.Errorf("blocks take %d bytes, and may take %d", size, small.options.MaxBytes)
	}
}

// blocks are the bytes of all blocks.
func blocks(t *testing.T, dir string) (size int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "0*", "*"))
	more, moreErr := filepath.Glob(filepath.Join(dir, "0*", "chunks", "*"))
	if err := errors.Join(err, moreErr); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, more...) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	return size
}

// damage breaks a history that has blocks.
func damage(t *testing.T, h *host, spoil func(dir string) error) {
	t.Helper()
	for hour := range 24 {
		h.run(noon.Add(time.Duration(hour)*time.Hour), "aipass_x 1\n")
	}
	if err := spoil(h.dir); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedHistoryIsSetAside(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(string) error{
		"an index": func(dir string) error { return overwrite(filepath.Join(dir, "*", "index"), "no index") },
		"a log, before its end": func(dir string) error {
			segments, err := filepath.Glob(filepath.Join(dir, "wal", "0*"))
			if err != nil || len(segments) < 2 {
				return fmt.Errorf("%d segments: %w", len(segments), err)
			}
			text, err := os.ReadFile(segments[0])
			if err != nil {
				return err
			}
			text[100] ^= 0xff
			return os.WriteFile(segments[0], text, 0o600)
		},
		"no directory": func(dir string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, "wal")), os.WriteFile(filepath.Join(dir, "wal"), nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			damage(t, h, spoil)
			db, err := history.Open(h.dir, noon.Add(24*time.Hour), h.options)
			var aside *statefile.SetAsideError
			if !errors.As(err, &aside) || db == nil {
				t.Fatalf("got %v, want a SetAsideError and a new history", err)
			}
			h.close(db)
			if _, err := os.Stat(aside.Path); err != nil {
				t.Errorf("not set aside: %v", err)
			}
			h.run(noon.Add(24*time.Hour), "aipass_x 2\n")
			h.gives("aipass_x", noon.Add(24*time.Hour), "map[__name__:aipass_x instance:attic job:node] 2")
		})
	}
}

func overwrite(pattern, text string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return fmt.Errorf("%s: %d files, %w", pattern, len(paths), err)
	}
	return os.WriteFile(paths[0], []byte(text), 0o600)
}

// What a crash leaves of the last run is repaired or forgotten; the rest stays.
func TestTornLogIsRepaired(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	damage(t, h, func(dir string) error {
		segments, err := filepath.Glob(filepath.Join(dir, "wal", "0*"))
		if err != nil || len(segments) == 0 {
			return fmt.Errorf("no segments: %w", err)
		}
		f, err := os.OpenFile(segments[len(segments)-1], os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = f.Write([]byte("torn in the middle of a write"))
		return errors.Join(err, f.Close())
	})
	h.run(noon.Add(24*time.Hour), "aipass_x 2\n")
	h.gives("aipass_x", noon.Add(24*time.Hour), "map[__name__:aipass_x instance:attic job:node] 2")
	h.gives("aipass_x", noon.Add(time.Hour), "map[__name__:aipass_x instance:attic job:node] 1")
}

// Only what is wrong with the files sets them aside.
func TestHistoryInUseIsLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	db := h.open(noon)
	defer h.close(db)
	second, err := history.Open(h.dir, noon, h.options)
	var aside *statefile.SetAsideError
	if err == nil || errors.As(err, &aside) || second != nil {
		t.Errorf("got %v, want an error that sets nothing aside", err)
	}
}

func TestClockSetBack(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon, "aipass_x 1\n")
	h.run(noon.Add(5*time.Hour), "aipass_x 2\n")
	back := noon.Add(time.Hour)
	h.run(back, "aipass_x 3\n")
	h.gives("aipass_x", back, "map[__name__:aipass_x instance:attic job:node] 3")
	h.run(back.Add(time.Hour), "aipass_x 4\n")
	h.gives("aipass_x", back.Add(time.Hour), "map[__name__:aipass_x instance:attic job:node] 4")
	for hour := 6; hour < 12; hour++ {
		h.run(noon.Add(time.Duration(hour)*time.Hour), "aipass_x 5\n")
	}
	h.gives("aipass_x", noon.Add(11*time.Hour), "map[__name__:aipass_x instance:attic job:node] 5")
	h.gives("aipass_x", back, "map[__name__:aipass_x instance:attic job:node] 3")
}

// A clock that was years ahead has left what no run will ever catch up with.
func TestHistoryFromTheFutureIsSetAside(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon.AddDate(10, 0, 0), "aipass_x 1\n")
	db, err := history.Open(h.dir, noon, h.options)
	if _, is := errors.AsType[*statefile.SetAsideError](err); !is {
		t.Fatalf("got %v, want a SetAsideError", err)
	}
	h.close(db)
	h.run(noon, "aipass_x 2\n")
	h.gives("aipass_x", noon, "map[__name__:aipass_x instance:attic job:node] 2")
}

// They would fill the disk.
func TestOneIsSetAsideAtATime(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for n := range 3 {
		now := noon.AddDate(-n, 0, 0)
		db, err := history.Open(h.dir, now, h.options)
		if n > 0 && err == nil {
			t.Fatal("nothing set aside")
		}
		h.close(db)
		h.run(now, "aipass_x 1\n")
	}
	aside, err := filepath.Glob(h.dir + ".corrupt-*")
	if err != nil || len(aside) != 1 {
		t.Errorf("set aside: %q, %v; want one", aside, err)
	}
}

// Some damage shows only when it is asked for.
func TestHistoryCanBeSetAsideLater(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon, "aipass_x 1\n")
	err := h.open(noon).SetAside(noon, errors.New("a chunk is broken"))
	var aside *statefile.SetAsideError
	if !errors.As(err, &aside) || !strings.Contains(err.Error(), "a chunk is broken") {
		t.Fatalf("got %v, want a SetAsideError that says why", err)
	}
	if _, err := os.Stat(aside.Path); err != nil {
		t.Errorf("not set aside: %v", err)
	}
	h.gives("aipass_x", noon)
}
