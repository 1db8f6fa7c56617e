package stack

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/checkouttest"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// token is what the receiver wants to hear.
const token = "a token of the tests"

// A stack is a demo host and all that watches it.
type stack struct {
	t        *testing.T
	bin      string // our programs
	host     string
	textfile string
	token    string
	state    string
	receiver *servertest.Server

	alertmanagers [2]*servertest.Server
}

func newStack(t *testing.T) *stack {
	t.Helper()
	s := &stack{t: t, bin: t.TempDir(), host: filepath.Join(t.TempDir(), "host"), textfile: t.TempDir(), state: t.TempDir()}
	checkouttest.Programs(t, s.bin, "./cmd/...")
	must(t, demohost.Lay(s.host, time.Now()))
	s.token = filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(s.token, []byte(token+"\n"), 0o600))
	s.startReceiver("127.0.0.1:0")
	return s
}

func (s *stack) startReceiver(address string) {
	s.t.Helper()
	s.receiver = servertest.Start(s.t, servertest.Program{Names: []string{filepath.Join(s.bin, "aipass-actions")}},
		"webhook", "--aipass.home="+s.host, "--state.dir="+s.state, "--token-file="+s.token, "--web.listen-address="+address)
}

// killReceiver ends it as kill -9 does, and starts another in its place.
func (s *stack) killReceiver() {
	s.t.Helper()
	address := strings.TrimPrefix(s.receiver.URL(), "http://")
	s.receiver.Kill()
	s.startReceiver(address)
}

// watch starts node_exporter, a pair of Alertmanagers and Prometheus.
func (s *stack) watch() {
	s.t.Helper()
	for _, program := range []string{"prometheus", "prometheus-alertmanager", "prometheus-node-exporter"} {
		out, err := exec.Command(program, "--version").CombinedOutput()
		must(s.t, err)
		line, _, _ := strings.Cut(string(out), "\n")
		s.t.Log(line)
	}
	node := nodeexportertest.Start(s.t, s.textfile)
	config := s.alertmanagerConfig(s.t)
	// They do not wait for each other, so that both of them deliver.
	const impatient = "--cluster.peer-timeout=0s"
	port := freePort(s.t)
	s.alertmanagers = [...]*servertest.Server{
		servertest.StartAlertmanager(s.t, config, "--cluster.listen-address="+port, impatient),
		servertest.StartAlertmanager(s.t, config, "--cluster.listen-address="+freePort(s.t), "--cluster.peer="+port, impatient),
	}
	servertest.StartPrometheus(s.t, s.prometheusConfig(s.t, strings.TrimSuffix(node.URL(), "/metrics")))
}

// freePort is one on which nobody listens: what gossips must know it before.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// look is what cron would run.
func (s *stack) look() {
	s.t.Helper()
	collect := exec.Command(filepath.Join(s.bin, "aipass-exporter"), "collect", "--log.level=error", "--aipass.home="+s.host, "--textfile.directory="+s.textfile)
	out, err := collect.CombinedOutput()
	if code := collect.ProcessState.ExitCode(); code > 1 { // 1: part of the host cannot be read
		s.t.Fatalf("%v: %v\n%s", collect, err, out)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
