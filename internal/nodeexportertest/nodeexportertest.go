// Package nodeexportertest runs the real node_exporter for tests, so that what
// this product says about it is compared with what it does.
//
// It starts the program with the textfile collector alone, on a free loopback
// port, and ends it with the test. It never skips: a test that cannot find the
// program fails and says how to install it.
package nodeexportertest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Names under which the program is looked for in PATH: Debian's, then the
// project's own.
const (
	debianName   = "prometheus-node-exporter"
	upstreamName = "node_exporter"
)

// patience bounds every wait for the program. It starts and answers within a
// tenth of a second; the rest is for a busy machine.
const patience = 20 * time.Second

// An Exporter is a running node_exporter.
type Exporter struct {
	cmd    *exec.Cmd
	url    string
	log    *logWatch
	exited chan struct{} // closed when the process has ended
}

// A Page is one scrape: the value of every sample, as text, by its series, for
// instance `x{a="1"}`.
type Page map[string]string

// Start runs a node_exporter that collects the textfiles of dir, a directory
// or a glob. It answers when Start returns.
func Start(t testing.TB, dir string) *Exporter {
	t.Helper()
	cmd := exec.Command(find(t),
		"--web.listen-address=127.0.0.1:0",
		"--collector.disable-defaults",
		"--collector.textfile",
		"--collector.textfile.directory="+dir)
	e := &Exporter{cmd: cmd, log: newLogWatch(), exited: make(chan struct{})}
	cmd.Stderr = e.log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start node_exporter: %v", err)
	}
	go func() {
		defer close(e.exited)
		_ = cmd.Wait() // its exit status says no more than that it has ended
	}()
	t.Cleanup(e.Stop)

	select {
	case address := <-e.log.address:
		e.url = "http://" + address + "/metrics"
	case <-e.exited:
		t.Fatalf("node_exporter did not start:\n%s", e.Log())
	case <-time.After(patience):
		t.Fatalf("node_exporter is not ready after %v:\n%s", patience, e.Log())
	}
	return e
}

func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{debianName, upstreamName} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("node_exporter is not in PATH: install prometheus-node-exporter (make test-deps)")
	return ""
}

// Scrape reads the page once. ok is false if node_exporter crashed over it;
// any other failure ends the test.
func (e *Exporter) Scrape(t testing.TB) (page Page, ok bool) {
	t.Helper()
	body, err := e.get()
	if err == nil {
		return ParsePage(body), true
	}
	// The connection breaks a moment before the process is gone.
	select {
	case <-e.exited:
		return nil, false
	case <-time.After(patience):
		t.Fatalf("scrape: %v\n%s", err, e.Log())
		return nil, false
	}
}

func (e *Exporter) get() (string, error) {
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(e.url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return string(body), err
}

// Crashed reports whether the process has ended, by itself unless it was stopped.
func (e *Exporter) Crashed() bool {
	select {
	case <-e.exited:
		return true
	default:
		return false
	}
}

// Stop ends the process, as the end of the test does.
func (e *Exporter) Stop() {
	_ = e.cmd.Process.Kill() // fails if it has crashed, which is fine
	<-e.exited
}

// Log is what the process has written to its standard error. It is complete
// once the process has crashed or been stopped, and may lag before.
func (e *Exporter) Log() string { return e.log.String() }

// ParsePage reads an exposition: a page that was scraped, or a file that was
// written. Labels are put in order, for node_exporter orders them too.
func ParsePage(body string) Page {
	page := Page{}
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		if i := strings.LastIndexByte(line, ' '); i > 0 && line[0] != '#' {
			page[ordered(line[:i])] = line[i+1:]
		}
	}
	return page
}

// label is one name="value", whatever is in the value.
var label = regexp.MustCompile(`[a-zA-Z_]\w*="(?:[^"\\]|\\.)*"`)

func ordered(series string) string {
	name, labels, found := strings.Cut(series, "{")
	if !found {
		return series
	}
	pairs := label.FindAllString(labels, -1)
	slices.Sort(pairs)
	return name + "{" + strings.Join(pairs, ",") + "}"
}

// logWatch keeps a process's output and finds in it the address on which the
// process listens: with port 0 only the process knows.
type logWatch struct {
	address chan string // receives once

	mu   sync.Mutex
	text bytes.Buffer
	said bool
}

func newLogWatch() *logWatch { return &logWatch{address: make(chan string, 1)} }

// Write implements io.Writer. Old and new releases log in two formats that
// agree in this attribute.
func (w *logWatch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	listening := regexp.MustCompile(`Listening on.* address=(127\.0\.0\.1:\d+)\s`)
	if m := listening.FindSubmatch(w.text.Bytes()); m != nil && !w.said {
		w.said = true
		w.address <- string(m[1])
	}
	return len(p), nil
}

func (w *logWatch) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
