package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/crypto/bcrypt"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/demohost"
)

// A server is `aipass-exporter serve` on a free port.
type server struct {
	address string
	log     *clitest.Buffer
	cancel  context.CancelFunc
	code    chan int
}

var listening = regexp.MustCompile(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)

func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	home := filepath.Join(t.TempDir(), "host")
	if err := demohost.Lay(home, time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{log: new(clitest.Buffer), cancel: cancel, code: make(chan int, 1)}
	args = append([]string{"serve", "--aipass.home=" + home, "--web.listen-address=127.0.0.1:0"}, args...)
	go func() {
		s.code <- program().Run(ctx, args, clitest.System(), io.Discard, s.log)
	}()
	t.Cleanup(cancel)
	s.address = waitForAddress(t, s.log, s.code)
	return s
}

// waitForAddress reads from the log where a server listens; over says that it
// has given up.
func waitForAddress(t *testing.T, log *clitest.Buffer, over <-chan int) string {
	t.Helper()
	address := ""
	waitFor(t, func() bool {
		select {
		case code := <-over:
			t.Fatalf("exit code %d\n%s", code, log)
		default:
		}
		m := listening.FindStringSubmatch(log.String())
		if m != nil {
			address = m[1]
		}
		return m != nil
	})
	return address
}

// waitFor looks again and again until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-deadline:
			t.Fatal("waited in vain")
		case <-tick.C:
		}
	}
}

// stop ends the server as SIGTERM does and returns its exit code.
func (s *server) stop(t *testing.T) int {
	t.Helper()
	s.cancel()
	select {
	case code := <-s.code:
		return code
	case <-time.After(20 * time.Second):
		t.Fatalf("still running\n%s", s.log)
		return -1
	}
}

func get(t *testing.T, client *http.Client, url string, header ...string) (status int, contentType, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Content-Type"), string(data)
}

func newClient() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
}

func TestServeAnswersAndEndsInPeace(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := startServer(t)
	base, client := "http://"+s.address, newClient()

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
	if faults := strings.Count(s.log.String(), `branch=AI_MAIL file=inbox state=malformed`); faults != 1 {
		t.Errorf("a lasting fault was logged %d times in two scrapes, want once", faults)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
}

func TestServeWithoutTheProcessesOwnMetrics(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--no-web.exporter-metrics", "--no-collector.files")
	_, _, body := get(t, newClient(), "http://"+s.address+"/metrics")
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
	dir := t.TempDir()
	certificate := writeCertificate(t, dir)
	hash, err := bcrypt.GenerateFromPassword([]byte("sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\nbasic_auth_users:\n  prometheus: %s\n", hash)
	file := filepath.Join(dir, "web.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "--web.config.file="+file)
	client := newClient()
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: certificate}

	if status, _, _ := get(t, client, "https://"+s.address+"/metrics"); status != 401 {
		t.Errorf("without a password: %d, want 401", status)
	}
	req := "https://prometheus:sesame@" + s.address + "/metrics"
	if status, _, body := get(t, client, req); status != 200 || !strings.Contains(body, "aipass_registry_branches 13") {
		t.Errorf("with the password: %d\n%.300s", status, body)
	}
}

// writeCertificate makes a self-signed certificate for 127.0.0.1.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der},
		"key.pem":  {Type: "PRIVATE KEY", Bytes: pkcs8},
	} {
		data := pem.EncodeToMemory(block)
		pool.AppendCertsFromPEM(data)
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}
