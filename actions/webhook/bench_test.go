package webhook

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// From the post to the answer, that is to the mail on the disk: an alert each
// hundredth of a second, whether or not the one before is done, for 30
// mailboxes in turn. Every alert is new, so every one is written.
func BenchmarkDelivery(b *testing.B) {
	for _, layout := range []aipass.Layout{aipass.Modern, aipass.Legacy} {
		b.Run(layout.String(), func(b *testing.B) {
			var names []string
			for n := range 29 {
				names = append(names, fmt.Sprintf("B%02d", n))
			}
			names = append(names, "DEVPULSE")
			h, err := newHandler(layHost(b, layout, names...), nil)
			must(b, err)
			server := httptest.NewServer(h)
			defer server.Close()
			measure(b, server.URL, names)
		})
	}
}

const alertsPerSecond = 100

func measure(b *testing.B, url string, names []string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	latencies := make([]time.Duration, b.N)
	var posts sync.WaitGroup
	tick := time.NewTicker(time.Second / alertsPerSecond)
	defer tick.Stop()
	b.ResetTimer()
	for n := range b.N {
		<-tick.C
		due := time.Now()
		posts.Go(func() {
			body := about(names[n%len(names)], fmt.Sprint("Alert", n))
			resp, err := client.Post(url+AlertsPath+"?to=branch", "application/json", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Error(resp.Status)
			}
			latencies[n] = time.Since(due)
		})
	}
	posts.Wait()
	b.StopTimer()
	slices.Sort(latencies)
	for name, share := range map[string]float64{"p50-ms": .5, "p99-ms": .99, "max-ms": 1} {
		at := min(int(share*float64(len(latencies))), len(latencies)-1)
		b.ReportMetric(float64(latencies[at].Microseconds())/1000, name)
	}
}
