package collectors_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestExporterLooksOncePerScrape(t *testing.T) {
	t.Parallel()
	s := look(t, "legacy")
	var looks atomic.Int32
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors.NewExporter(collectors.ExporterConfig{
		Snapshot:   func(context.Context) *aipass.Snapshot { looks.Add(1); return s },
		Collectors: collectors.All(options),
		Timeout:    time.Minute,
		Logger:     slog.New(slog.DiscardHandler),
	}))
	for scrape := int32(1); scrape <= 3; scrape++ {
		if _, err := reg.Gather(); err != nil {
			t.Fatal(err)
		}
		if looks.Load() != scrape {
			t.Fatalf("after %d scrapes: %d looks", scrape, looks.Load())
		}
	}
}

func TestExporterGivesALookItsTime(t *testing.T) {
	t.Parallel()
	s := look(t, "empty")
	var deadline time.Time
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewExporter(collectors.ExporterConfig{
		Snapshot: func(ctx context.Context) *aipass.Snapshot { deadline, _ = ctx.Deadline(); return s },
		Timeout:  time.Hour,
		Logger:   slog.New(slog.DiscardHandler),
	}))
	if _, err := reg.Gather(); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(deadline); left < 50*time.Minute || left > time.Hour {
		t.Errorf("the look had %v, want an hour", left)
	}
}

// broken is a collector with a fault of our own, behind samples that are fine.
func broken() collectors.Collector {
	return collectors.Collector{Name: "broken", Families: []collectors.Family{
		{
			Name: "aipass_test_before", Help: "Fine.", Type: dto.MetricType_GAUGE,
			Collect: func(_ *aipass.Snapshot, emit collectors.Emitter) { emit.Value(1) },
		},
		{
			Name: "aipass_test_fault", Help: "Not fine.", Type: dto.MetricType_GAUGE,
			Collect: func(*aipass.Snapshot, collectors.Emitter) { panic("index out of range") },
		},
	}}
}

func TestCollectorThatPanicsCostsNoOtherItsPlace(t *testing.T) {
	t.Parallel()
	text := write(t, look(t, "legacy"), append([]collectors.Collector{broken()}, collectors.All(options)...)...)
	for _, want := range []string{
		`aipass_collector_success{collector="broken"} 0`,
		`aipass_collector_success{collector="mail"} 1`,
		`aipass_mail_messages{branch="DRONE",status="new"} 3`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestLookThatIsNotWholeIsNoSuccess(t *testing.T) {
	t.Parallel()
	s := look(t, "legacy")
	s.Incomplete = context.DeadlineExceeded
	text := write(t, s, collectors.All(options)...)
	if strings.Contains(text, `aipass_collector_success{collector="mail"} 1`) {
		t.Error("a collector claims success over half a look")
	}
}

func TestNextRunIsToldOnlyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	s := look(t, "empty")
	for interval, want := range map[time.Duration]string{
		time.Hour: "aipass_exporter_next_run_timestamp_seconds 1.7714916e+09\n",
		0:         "",
	} {
		var buf bytes.Buffer
		l := collectors.Look{Snapshot: s, Interval: interval}
		if err := collectors.WriteText(&buf, l, nil, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		got := ""
		for line := range strings.Lines(buf.String()) {
			if strings.HasPrefix(line, "aipass_exporter_next_run") {
				got = line
			}
		}
		if got != want {
			t.Errorf("interval %v: %q, want %q", interval, got, want)
		}
	}
}

// many is a family that does not fit one batch.
func many(n int) collectors.Collector {
	return collectors.Collector{Name: "many", Families: []collectors.Family{{
		Name: "aipass_test_many_total", Help: "Many.", Type: dto.MetricType_COUNTER, Labels: []string{"i"},
		Collect: func(_ *aipass.Snapshot, emit collectors.Emitter) {
			for i := range n {
				emit.Value(float64(i), strconv.Itoa(i))
			}
		},
	}}}
}

func TestLargeFamilyHasOneHeaderAndAllItsSamples(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 499, 500, 501, 1000, 1234} {
		text := write(t, look(t, "empty"), many(n))
		if headers := strings.Count(text, "# HELP aipass_test_many_total "); headers != 1 {
			t.Errorf("%d samples: %d headers", n, headers)
		}
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		samples := families["aipass_test_many_total"].GetMetric()
		if len(samples) != n {
			t.Errorf("%d samples arrived of %d", len(samples), n)
		}
		for i, m := range samples {
			if m.GetCounter().GetValue() != float64(i) || m.GetLabel()[0].GetValue() != strconv.Itoa(i) {
				t.Errorf("sample %d of %d arrived as %v", i, n, m)
			}
		}
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left on device")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteTextReportsAFullDisk(t *testing.T) {
	t.Parallel()
	l := collectors.Look{Snapshot: look(t, "legacy")}
	err := collectors.WriteText(fullDisk{}, l, collectors.All(options), slog.New(slog.DiscardHandler))
	if !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}
