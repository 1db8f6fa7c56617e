package webhook

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Clients that promise a body and do not send it take all the room that there
// is, and have to leave it to who sends.
func TestWhoSendsSlowlyKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	h, url := serve(t, root, nil)
	h.readTime = time.Second
	for range smallest {
		promise(t, url)
	}
	if got := post(t, url, "branch", about("DRONE", "A")); got.code != http.StatusOK {
		t.Errorf("got %d %q", got.code, got.body)
	}
}

// promise begins a post and does not go on with it.
func promise(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	_, err = fmt.Fprintf(conn, "POST %s?to=branch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", AlertsPath)
	must(t, err)
	return conn
}

// What does not arrive whole is nobody's fault for good: it may be sent again.
func TestABodyThatDoesNotArriveIs503(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	h, url := serve(t, root, nil)
	h.readTime = time.Millisecond
	conn := promise(t, url)
	answer := make([]byte, 12)
	_, err := conn.Read(answer)
	must(t, err)
	if string(answer) != "HTTP/1.1 503" {
		t.Errorf("got %q", answer)
	}
}
