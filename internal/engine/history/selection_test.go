package history_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// everything is a page with whatever a selector may stumble over.
const everything = `# TYPE aipass_x gauge
aipass_x{branch="A",state="ok"} 1
aipass_x{branch="A",state="missing"} 2
aipass_x{branch="B",state="missing"} 3
aipass_xx{branch="A"} 4
aipass_things_total 5
backup{job="nightly",instance="cellar"} 6
{"disk.free", branch="A"} 7
{"aipass_x", branch="C"} 8
# TYPE wait histogram
wait_bucket{le="1"} 9
wait_bucket{le="+Inf"} 9
`

// wanting is a host whose history keeps what a query can find.
func wanting(t *testing.T, query string) *host {
	h := newHost(t)
	wanted, err := history.Select(query)
	if err != nil {
		t.Fatal(err)
	}
	h.wanted = wanted
	return h
}

// names are those of all series that are kept of a page.
func (h *host) names(at time.Time) (list []string) {
	h.t.Helper()
	db := h.open(h.last)
	defer h.close(db)
	series, err := db.Query(h.t.Context(), `{__name__!="", __name__!~"up|node_.*"}`, at)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range series {
		list = append(list, s.Labels["__name__"])
	}
	slices.Sort(list)
	return list
}

func TestOfAPageThatIsKeptWhichAQueryCanFind(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][]string{
		`aipass_things_total`:                               {"aipass_things_total"},
		`aipass_x{state="missing"}`:                         {"aipass_x", "aipass_x"},
		`aipass_x{state!="missing"}`:                        {"aipass_x", "aipass_x"}, // of C too, which has no state
		`aipass_x{instance="attic"} or aipass_xx`:           {"aipass_x", "aipass_x", "aipass_x", "aipass_x", "aipass_xx"},
		`aipass_x{instance="cellar"}`:                       nil,
		`backup{exported_instance="cellar"}`:                {"backup"},
		`absent(aipass_x{branch="Z"})`:                      nil,
		`max_over_time(rate(aipass_things_total[1m])[1h:])`: {"aipass_things_total"},
		`{__name__=~"aipass_x.+"}`:                          {"aipass_xx"},
		`{branch="A", state=""}`:                            {"aipass_xx", "disk.free"},
		`{"disk.free"}`:                                     {"disk.free"},
		`wait_bucket{le="1.0"}`:                             {"wait_bucket"}, // as Prometheus writes it
		`vector(1)`:                                         nil,
	} {
		h := wanting(t, query)
		h.run(noon, everything)
		if diff := cmp.Diff(want, h.names(noon)); diff != "" {
			t.Errorf("%s: -want +kept:\n%s", query, diff)
		}
	}
}

// What is left out changes no answer, neither what was nor what is gone.
func TestAQueryFindsTheSameInWhatIsKeptForIt(t *testing.T) {
	t.Parallel()
	all := newHost(t)
	pages := []string{everything, "aipass_x{branch=\"A\",state=\"ok\"} 2\naipass_things_total 9\n", everything}
	for i, page := range pages {
		all.run(noon.Add(time.Duration(i)*time.Hour), page)
	}
	for _, query := range []string{
		`aipass_x`, `aipass_x{state="ok"}`, `aipass_x unless aipass_x{state="ok"}`, `increase(aipass_things_total[2h])`,
		`absent(aipass_x{branch="B"})`, `count by (branch) (aipass_x{state=~"o.|miss.*"})`, `aipass_things_total offset 1h`,
		`{__name__=~"aipass_.*", branch!="A"}`, `up * 2`, `node_textfile_mtime_seconds`, `backup`, `{"disk.free"}`,
	} {
		some := wanting(t, query)
		for i, page := range pages {
			some.run(noon.Add(time.Duration(i)*time.Hour), page)
		}
		want := rangeOf(all, query, noon, noon.Add(3*time.Hour))
		if len(want) == 0 {
			t.Errorf("%s gives nothing: it is no test", query)
		}
		if diff := cmp.Diff(want, rangeOf(some, query, noon, noon.Add(3*time.Hour))); diff != "" {
			t.Errorf("%s: -of all +of what is kept:\n%s", query, diff)
		}
	}
}

// A page that is broken is so wherever the fault is, also where nobody asks.
func TestBrokenIsBrokenWhateverIsWanted(t *testing.T) {
	t.Parallel()
	h := wanting(t, "aipass_x")
	if faults := h.run(noon, "aipass_x 1\nother{ 1\n"); len(faults) != 1 {
		t.Errorf("faults %v, want one", faults)
	}
	h.gives("aipass_x", noon)
}

func TestWhatIsWantedByNoQueryIsAFault(t *testing.T) {
	t.Parallel()
	if _, err := history.Select("aipass_x", "sum("); err == nil {
		t.Error("no error")
	}
}
