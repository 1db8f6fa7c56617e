package main

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// startServer is `aipass-exporter serve` on a free port, for a demo host.
func startServer(t *testing.T, args ...string) *clitest.Server {
	t.Helper()
	home := filepath.Join(t.TempDir(), "host")
	if err := demohost.Lay(home, time.Now()); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"serve", "--aipass.home=" + home, "--web.listen-address=127.0.0.1:0"}, args...)
	return clitest.StartServer(t, program(), args...)
}

func get(t *testing.T, client *http.Client, url string, header ...string) (status int, contentType, body string) {
	t.Helper()
	answer := clitest.Get(t, client, url, header...)
	return answer.Code, answer.Kind, answer.Body
}

func TestServeAnswersAndEndsInPeace(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := startServer(t)
	base, client := "http://"+s.Address, clitest.NewClient()

	status, kind, body := get(t, client, base+"/metrics")
	if status != 200 || !strings.HasPrefix(kind, "text/plain") || !strings.Contains(body, "\naipass_registry_branches 13\n") {
		t.Errorf("/metrics: %d %s\n%.500s", status, kind, body)
	}
	if !strings.Contains(body, "\ngo_goroutines ") || strings.Contains(body, "\naipass_exporter_next_run_timestamp_seconds ") {
		t.Error("/metrics: want the process's own metrics and no next run")
	}
	status, kind, body = get(t, client, base+"/metrics", "Accept", "application/openmetrics-text; version=1.0.0")
	if status != 200 || !strings.HasPrefix(kind, "application/openmetrics-text") || !strings.HasSuffix(body, "# EOF\n") {
		t.Errorf("OpenMetrics: %d %s", status, kind)
	}
	if status, _, body = get(t, client, base+"/-/healthy"); status != 200 {
		t.Errorf("/-/healthy: %d %s", status, body)
	}
	if status, kind, body = get(t, client, base+"/"); status != 200 || !strings.Contains(kind, "html") || !strings.Contains(body, `href="/metrics"`) {
		t.Errorf("/: %d %s\n%s", status, kind, body)
	}
	if status, _, _ = get(t, client, base+"/nothing-here"); status != 404 {
		t.Errorf("/nothing-here: %d, want 404", status)
	}
	if faults := strings.Count(s.Log.String(), `branch=AI_MAIL file=inbox state=malformed`); faults != 1 {
		t.Errorf("a lasting fault was logged %d times in two scrapes, want once", faults)
	}
	if code := s.Stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.Log)
	}
}

func TestServeWithoutTheProcessesOwnMetrics(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--no-web.exporter-metrics", "--no-collector.files")
	_, _, body := get(t, clitest.NewClient(), "http://"+s.Address+"/metrics")
	if strings.Contains(body, "go_goroutines") || strings.Contains(body, "aipass_file_state") || !strings.Contains(body, "aipass_mail_messages") {
		t.Errorf("got\n%.500s", body)
	}
}

func TestServeRefusesAnAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var log clitest.Buffer
	args := []string{"serve", "--aipass.home=" + t.TempDir(), "--web.listen-address=" + taken.Addr().String()}
	code := program().Run(t.Context(), args, clitest.System(), io.Discard, &log)
	if code != 1 || !strings.Contains(log.String(), "address already in use") {
		t.Errorf("exit code %d\n%s", code, &log)
	}
}

func TestServeWithTLSAndBasicAuth(t *testing.T) {
	t.Parallel()
	config, client := clitest.WebConfig(t, "prometheus", "sesame")
	s := startServer(t, "--web.config.file="+config)
	if status, _, _ := get(t, client, "https://"+s.Address+"/metrics"); status != 401 {
		t.Errorf("without a password: %d, want 401", status)
	}
	req := "https://prometheus:sesame@" + s.Address + "/metrics"
	if status, _, body := get(t, client, req); status != 200 || !strings.Contains(body, "aipass_registry_branches 13") {
		t.Errorf("with the password: %d\n%.300s", status, body)
	}
}
