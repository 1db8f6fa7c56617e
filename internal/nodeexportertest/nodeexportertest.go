// Package nodeexportertest runs the real node_exporter for tests, so that what
// this product says about it is compared with what it does.
//
// It starts the program with the textfile collector alone, on a free loopback
// port, and ends it with the test. It never skips: a test that cannot find the
// program fails and says how to install it.
package nodeexportertest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// program is looked for under Debian's name, then the project's own.
func program() servertest.Program {
	return servertest.Program{Names: []string{"prometheus-node-exporter", "node_exporter"}, Package: "prometheus-node-exporter"}
}

// An Exporter is a running node_exporter.
type Exporter struct{ server *servertest.Server }

// A Page is one scrape: the value of every sample, as text, by its series, for
// instance `x{a="1"}`.
type Page map[string]string

// Start runs a node_exporter that collects the textfiles of dir, a directory
// or a glob. It answers when Start returns.
func Start(t testing.TB, dir string) *Exporter {
	t.Helper()
	return &Exporter{servertest.Start(t, program(),
		"--web.listen-address=127.0.0.1:0",
		"--collector.disable-defaults",
		"--collector.textfile",
		"--collector.textfile.directory="+dir)}
}

// Scrape reads the page once. ok is false if node_exporter crashed over it;
// any other failure ends the test.
func (e *Exporter) Scrape(t testing.TB) (page Page, ok bool) {
	t.Helper()
	body, err := e.server.Get("/metrics")
	if err == nil {
		return ParsePage(string(body)), true
	}
	// The connection breaks a moment before the process is gone.
	select {
	case <-e.server.Exited():
		return nil, false
	case <-time.After(servertest.Patience):
		t.Fatalf("scrape: %v", err)
		return nil, false
	}
}

// URL is where it serves its page.
func (e *Exporter) URL() string { return e.server.URL() + "/metrics" }

// Crashed reports whether the process has ended, by itself unless it was stopped.
func (e *Exporter) Crashed() bool { return e.server.Ended() }

// Stop ends the process, as the end of the test does.
func (e *Exporter) Stop() { e.server.Kill() }

// Log is what the process has written to its standard error. It is complete
// once the process has crashed or been stopped, and may lag before.
func (e *Exporter) Log() string { return e.server.Log() }

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
