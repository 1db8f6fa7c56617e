// Package servertest runs the real servers that this product works with, so
// that what it says about them is compared with what they do.
//
// Each listens on a loopback port of its own choosing, stores nothing outside
// the test's directory, and is ended by its process id with the test. What a
// server has logged is shown if the test fails. It never skips: a test that
// cannot find a program fails and says how to install it.
package servertest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Patience bounds every wait for a server. They answer within a second; the rest
// is for a busy machine.
const Patience = 60 * time.Second

// A Server is a running process that listens.
type Server struct {
	name   string
	cmd    *exec.Cmd
	url    string
	log    *logWatch
	exited chan struct{} // closed when the process has ended
}

// A Program is what a server is started from.
type Program struct {
	Names   []string // to be looked for in PATH, in this order
	Package string   // Debian's, that has it
}

// Start runs a program whose arguments make it listen on 127.0.0.1:0. It listens
// when Start returns.
func Start(t testing.TB, p Program, args ...string) *Server {
	t.Helper()
	path := p.find(t)
	s := &Server{name: p.Names[0], cmd: exec.Command(path, args...), log: newLogWatch(), exited: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.Dir = t.TempDir()
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", s.name, err)
	}
	go func() {
		defer close(s.exited)
		_ = s.cmd.Wait() // its exit status says no more than that it has ended
	}()
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("%s logged:\n%s", s.name, s.Log())
		}
	})
	select {
	case address := <-s.log.address:
		s.url = "http://" + address
	case <-s.exited:
		t.Fatalf("%s did not start", s.name)
	case <-time.After(Patience):
		t.Fatalf("%s does not listen after %v", s.name, Patience)
	}
	return s
}

func (p Program) find(t testing.TB) string {
	t.Helper()
	for _, name := range p.Names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not in PATH: install %s (make test-deps)", strings.Join(p.Names, " or "), p.Package)
	return ""
}

// URL is where the server listens, without a slash at the end.
func (s *Server) URL() string { return s.url }

// Log is what the process has written. It is complete once the process has ended,
// and may lag before.
func (s *Server) Log() string { return s.log.String() }

// Kill ends the process at once, as kill -9 does, and waits for its end.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // fails if it has ended, which is fine
	<-s.exited
}

// Exited is closed when the process has ended, by itself or not.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// Ended tells whether it has.
func (s *Server) Ended() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

// Get reads a page. It is an error if there is none.
func (s *Server) Get(path string) ([]byte, error) { return read(client().Get(s.url + path)) }

// Post sends JSON. It is an error if it is not taken.
func (s *Server) Post(path string, body []byte) ([]byte, error) {
	return read(client().Post(s.url+path, "application/json", bytes.NewReader(body)))
}

// client keeps no connections, which would outlive the server.
func client() *http.Client {
	return &http.Client{Timeout: Patience, Transport: &http.Transport{DisableKeepAlives: true}}
}

func read(resp *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", resp.Request.URL.Path, resp.Status, body)
	}
	return body, err
}

// Await asks again and again until the answer is yes, and fails the test if it
// never is.
func Await(t testing.TB, what string, yes func() bool) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	patience := time.After(Patience)
	for !yes() {
		select {
		case <-again.C:
		case <-patience:
			t.Fatalf("still not after %v: %s", Patience, what)
		}
	}
}
