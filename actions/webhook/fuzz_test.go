package webhook

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Whatever is posted, and wherever: the answer is one of those that
// Alertmanager understands rightly, and every inbox is one that AIPass can
// read.
func FuzzHandler(f *testing.F) {
	for _, target := range []string{AlertsPath + "?to=branch", AlertsPath + "?to=%40flow", AlertsPath + "/?to=branch", "//v1/alerts", "/", "*", AlertsPath + "?to=\x00"} {
		f.Add("POST", target, "application/json", []byte(about("DRONE", "A", "B")))
	}
	f.Add("POST", AlertsPath+"?to=branch", "application/json", []byte(strings.ReplaceAll(about("FLOW", "[bold]\u202e\x00"), "firing", "resolved")))
	f.Add("GET", "/-/ready", "", []byte(nil))
	f.Add("DELETE", AlertsPath, "text/plain", []byte("{}"))
	root := layHost(f, aipass.Modern, branches...)
	h, err := newHandler(root, nil)
	must(f, err)
	allowed := []int{200, 400, 401, 404, 405, 413, 415, 503}
	f.Fuzz(func(t *testing.T, method, target, kind string, body []byte) {
		raw := method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + kind + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body)
		req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			return // the server itself refuses that
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if !slices.Contains(allowed, w.Code) || w.Header().Get("Location") != "" {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		for _, branch := range branches {
			inbox := filepath.Join(root, strings.ToLower(branch), mailboxOf[aipass.Modern], aipass.InboxFile)
			data, err := os.ReadFile(inbox)
			must(t, err)
			if !json.Valid(data) {
				t.Fatalf("%s has %q", branch, data)
			}
			if len(data) > 1<<16 { // or every step would be slower than the one before
				must(t, os.WriteFile(inbox, []byte(empty), 0o644))
			}
		}
	})
}
