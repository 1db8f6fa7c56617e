package demoday

import (
	"bufio"
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

func TestSeriesAreWrittenWithTheirTimes(t *testing.T) {
	t.Parallel()
	series := history.Series{
		Labels: map[string]string{"__name__": "aipass_log_size_bytes", "branch": "DRONE", "log": `say "a\b"`},
		Points: []history.Point{{Time: noon(), Value: 1.5}, {Time: noon().Add(time.Minute), Value: 1e21}},
	}
	var got bytes.Buffer
	out := bufio.NewWriter(&got)
	writeSeries(out, series)
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = `aipass_log_size_bytes{branch="DRONE",log="say \"a\\b\""} 1.5 1771588800
aipass_log_size_bytes{branch="DRONE",log="say \"a\\b\""} 1e+21 1771588860
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
