//go:build preview

package preview

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
	"github.com/aiosai/aipass-exporter/internal/servertest"
	"github.com/aiosai/aipass-exporter/test/demoday"
)

// Where the pictures go, and what they may weigh.
const (
	images  = "../../docs/images"
	maxSize = 200_000
)

// branch is the one that is shown where only one can be.
const branch = "MEMORY_BANK"

func TestPreview(t *testing.T) {
	all, err := dashboard.ReadAll("../../grafana")
	must(t, err)
	end := time.Now().UTC().Truncate(time.Hour).Add(-30 * time.Minute) // so that the looks are at full hours
	page := servePage(t, all, startPrometheus(t, end), end)
	must(t, os.MkdirAll(images, 0o755))
	for _, d := range all {
		picture := photograph(t, page+"/page/?uid="+d.UID, height(&d))
		file := filepath.Join(images, d.UID+".png")
		must(t, os.WriteFile(file, picture, 0o644))
		if t.Logf("%s: %d bytes", file, len(picture)); len(picture) > maxSize {
			t.Errorf("%s is larger than %d bytes", file, maxSize)
		}
	}
	sums, err := dashboard.Sums(all)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(images, dashboard.SumsFile), sums, 0o644))
}

// startPrometheus has one that knows the demo day, as it would be now.
func startPrometheus(t *testing.T, end time.Time) *servertest.Server {
	t.Helper()
	day, err := demoday.Record(t.Context(), demoday.Options{Dir: t.TempDir(), Deploy: "../../deploy", End: end})
	must(t, err)
	t.Cleanup(func() { must(t, day.History.Close()) })
	dir := t.TempDir()
	text, err := os.Create(filepath.Join(dir, "day.txt"))
	must(t, err)
	must(t, day.WriteOpenMetrics(t.Context(), text))
	must(t, text.Close())
	out, err := exec.CommandContext(t.Context(), "promtool", "tsdb", "create-blocks-from", "openmetrics", text.Name(), filepath.Join(dir, "data")).CombinedOutput()
	if err != nil {
		t.Fatalf("promtool: %v\n%s", err, out)
	}
	config := filepath.Join(dir, "prometheus.yml")
	must(t, os.WriteFile(config, []byte("scrape_configs: []\n"), 0o644))
	return servertest.StartPrometheus(t, config, "--storage.tsdb.path="+filepath.Join(dir, "data"))
}

// A shown dashboard is what the page draws: with queries that have no variables.
type shown struct {
	Dashboard  map[string]any
	Start, End int64
	Steps      map[int]float64 // by panel, in seconds
}

func servePage(t *testing.T, all []dashboard.Dashboard, prometheus *servertest.Server, end time.Time) string {
	t.Helper()
	target, err := url.Parse(prometheus.URL())
	must(t, err)
	mux := http.NewServeMux()
	mux.Handle("/api/", httputil.NewSingleHostReverseProxy(target))
	mux.Handle("/page/", http.StripPrefix("/page/", http.FileServer(http.Dir("page"))))
	mux.Handle("/uplot/", http.StripPrefix("/uplot/", http.FileServer(http.Dir("../../tools/grafana/node_modules/uplot/dist"))))
	for _, d := range all {
		data, err := json.Marshal(show(t, &d, end))
		must(t, err)
		mux.HandleFunc("/dashboards/"+d.UID, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func show(t *testing.T, d *dashboard.Dashboard, end time.Time) shown {
	t.Helper()
	const span = 24 * time.Hour
	text, err := os.ReadFile(d.File)
	must(t, err)
	s := shown{Start: end.Add(-span).Unix(), End: end.Unix(), Steps: map[int]float64{}}
	must(t, json.Unmarshal(text, &s.Dashboard))
	for i, p := range s.Dashboard["panels"].([]any) {
		step, err := d.Panels[i].Step(span)
		must(t, err)
		s.Steps[d.Panels[i].ID] = step.Seconds()
		for _, q := range p.(map[string]any)["targets"].([]any) {
			query := q.(map[string]any)
			query["expr"] = dashboard.Expand(query["expr"].(string), d.Values(branch), step)
		}
	}
	for _, a := range s.Dashboard["annotations"].(map[string]any)["list"].([]any) {
		annotation := a.(map[string]any)
		annotation["expr"] = dashboard.Expand(annotation["expr"].(string), d.Values(branch), time.Minute)
	}
	return s
}

// Pixels of the page: a row of the grid, and what is above it.
const (
	width  = 1280
	row    = 32
	header = 74
)

func height(d *dashboard.Dashboard) int {
	rows := 0
	for _, p := range d.Panels {
		rows = max(rows, p.GridPos.Y+p.GridPos.H)
	}
	return rows*row + header
}

// photograph is a picture of a page when it has been drawn, in as few bytes as may
// be.
func photograph(t *testing.T, url string, height int) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.png")
	out, err := exec.CommandContext(t.Context(), "chromium", arguments(file, url, height, t.TempDir())...).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	must(t, err)
	picture, err := png.Decode(bytes.NewReader(data))
	must(t, err)
	var small bytes.Buffer
	must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, paletted(picture)))
	return small.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
