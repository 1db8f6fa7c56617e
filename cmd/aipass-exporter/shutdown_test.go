package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/exporter-toolkit/web"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A scrape that is under way when the signal comes is answered.
func TestServeFinishesTheScrapeUnderWay(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		fmt.Fprint(w, "whole")
	})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := new(clitest.Buffer)
	logger := promslog.New(&promslog.Config{Writer: log})
	addresses, noFile, noSocket := []string{"127.0.0.1:0"}, "", false
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, handler, &web.FlagConfig{
			WebListenAddresses: &addresses, WebConfigFile: &noFile, WebSystemdSocket: &noSocket,
		}, logger)
	}()
	address := clitest.WaitForAddress(t, log, nil)
	answer := make(chan string, 1)
	go func() {
		_, _, body := get(t, clitest.NewClient(), "http://"+address+"/")
		answer <- body
	}()
	<-begun
	cancel()
	clitest.WaitFor(t, func() bool { return strings.Contains(log.String(), "shutting down") })
	close(release)
	if body := <-answer; body != "whole" {
		t.Errorf("the scrape under way got %q", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// Scrapes that arrive while a look is being taken wait for that look.
func TestOverlappingScrapesShareOneLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks, release := 0, make(chan struct{})
		handler, err := newHandler(newRegistry(false, collectors.ExporterConfig{
			Snapshot: func(context.Context) *aipass.Snapshot {
				looks++
				<-release
				return &aipass.Snapshot{Taken: time.Now()}
			},
			Timeout: time.Minute,
			Logger:  promslog.NewNopLogger(),
		}), promslog.NewNopLogger())
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				answer := httptest.NewRecorder()
				handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
				if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "aipass_exporter_last_run") {
					t.Errorf("%d\n%s", answer.Code, answer.Body)
				}
			})
		}
		synctest.Wait() // until all four wait for the look
		close(release)
		all.Wait()
		if looks != 1 {
			t.Errorf("%d looks for 4 overlapping scrapes", looks)
		}
	})
}
