package clitest

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// A Server is a program that serves HTTP, in this process, on a free port.
type Server struct {
	Address string
	Log     *Buffer
	cancel  context.CancelFunc
	code    chan int
}

// StartServer runs a program until it listens. It has to be told to do so on
// port 0 of loopback.
func StartServer(t *testing.T, p cli.Program, args ...string) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Log: new(Buffer), cancel: cancel, code: make(chan int, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.code <- p.Run(ctx, args, System(), io.Discard, s.Log)
	}()
	t.Cleanup(func() { // before the directories that it writes to are removed
		cancel()
		<-ended
	})
	s.Address = WaitForAddress(t, s.Log, s.code)
	return s
}

// Signal tells the server to end, as SIGTERM does.
func (s *Server) Signal() { s.cancel() }

// Stop ends the server as SIGTERM does and returns its exit code.
func (s *Server) Stop(t *testing.T) int {
	t.Helper()
	s.cancel()
	select {
	case code := <-s.code:
		return code
	case <-time.After(3 * patience):
		t.Fatalf("still running\n%s", s.Log)
		return -1
	}
}

var listening = regexp.MustCompile(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)

// WaitForAddress reads from the log where a server listens; over says that it
// has given up.
func WaitForAddress(t *testing.T, log *Buffer, over <-chan int) (address string) {
	t.Helper()
	WaitFor(t, func() bool {
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

// WaitFor looks again and again until something is so.
func WaitFor(t *testing.T, so func() bool) {
	t.Helper()
	deadline := time.After(patience)
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

// NewClient keeps no connection, for servers wait for those at their end.
func NewClient() *http.Client {
	return &http.Client{Timeout: 3 * patience, Transport: &http.Transport{DisableKeepAlives: true}}
}

// An Answer is what a client sees.
type Answer struct {
	Code       int
	Kind, Body string
}

// Do sends a request, with headers in pairs.
func Do(ctx context.Context, client *http.Client, method, url string, body io.Reader, header ...string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return Answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return Answer{resp.StatusCode, resp.Header.Get("Content-Type"), string(data)}, err
}

// Get asks for a page, with headers in pairs.
func Get(t *testing.T, client *http.Client, url string, header ...string) Answer {
	t.Helper()
	answer, err := Do(t.Context(), client, http.MethodGet, url, nil, header...)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
