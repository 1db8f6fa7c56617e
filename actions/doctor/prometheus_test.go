package doctor

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Prometheus can go on seeing what nobody writes any more.
func TestWhatPrometheusSeesIsNotOld(t *testing.T) {
	t.Parallel()
	now := local(t, "2026-02-19 09:30:00")
	for age, row := range map[time.Duration]struct {
		want Result
		says string
	}{
		time.Hour:      {OK, "it has seen aipass.prom, of 2026-02-19 08:30:00"},
		72 * time.Hour: {Fault, "it has seen aipass.prom of 2026-02-16 09:30:00, and nothing since"},
	} {
		prometheus := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"data": {"result": [{"value": [0, "%d"]}]}}`, now.Add(-age).Unix())
		}))
		defer prometheus.Close()
		p := &patient{dates: map[string]reading{}, Doctor: &Doctor{
			Servers: Servers{Prometheus: prometheus.URL}, Files: []string{"aipass.prom"},
			State: t.TempDir(), Timeout: time.Minute, Now: func() time.Time { return now },
		}}
		check(t, p.prometheus(t.Context()), row.want, row.says)
	}
}
