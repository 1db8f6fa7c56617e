package grafana

import (
	"context"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/test/demoday"
)

// twin is a second host with branches of the same names, so that a query that
// mixes hosts up is noticed.
const twin = "workshop"

// recorded is the demo day, lived once for all tests.
var recorded = sync.OnceValues(func() (*recording, error) {
	end := time.Date(2026, 2, 20, 12, 0, 0, 0, time.UTC)
	day, err := demoday.Record(context.Background(), demoday.Options{Dir: dayDir, Deploy: "../deploy", End: end, Twin: twin})
	return &recording{Day: day}, err
})

// A recording answers what has been asked before at once.
type recording struct {
	*demoday.Day
	answers sync.Map // by query and step
}

type question struct {
	query string
	step  time.Duration // none asks for the last moment
}

// ask executes a query as a panel would, over the day that is shown or, as tables
// and numbers do, for its last moment. What is no number is left out.
func (r *recording) ask(ctx context.Context, q question) (series []history.Series, err error) {
	if answer, asked := r.answers.Load(q); asked {
		return answer.([]history.Series), nil
	}
	if q.step == 0 {
		series, err = r.History.Query(ctx, q.query, r.End)
	} else {
		series, err = r.History.QueryRange(ctx, q.query, r.Start, r.End, q.step)
	}
	for i := range series {
		series[i].Points = slices.DeleteFunc(series[i].Points, func(p history.Point) bool { return math.IsNaN(p.Value) })
	}
	series = slices.DeleteFunc(series, func(s history.Series) bool { return len(s.Points) == 0 })
	r.answers.Store(q, series)
	return series, err
}

var dayDir string

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(withDay{m}, goleak.IgnoreTopFunction("github.com/prometheus/prometheus/tsdb/wlog.(*WL).run"))
}

// withDay are tests with a place for the day.
type withDay struct{ *testing.M }

func (m withDay) Run() int {
	var err error
	if dayDir, err = os.MkdirTemp("", "demoday"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(dayDir)
	code := m.M.Run()
	if day, err := recorded(); err == nil {
		_ = day.History.Close()
	}
	return code
}

func ask(t *testing.T, query string, step time.Duration) []history.Series {
	t.Helper()
	day, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	series, err := day.ask(t.Context(), question{query, step})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return series
}

func now(t *testing.T, query string) []history.Series {
	t.Helper()
	return ask(t, query, 0)
}
