package routing_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A webhook of somebody else's gets what Alertmanager posts, with its http_config.
func TestPostIsAlertmanagers(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	code := http.StatusOK
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(code)
	}))
	defer other.Close()
	d := newDesk(t, `
route: {receiver: switch}
receivers:
  - name: switch
    webhook_configs:
      - url: `+other.URL+`/secret
        http_config: {authorization: {credentials: word}}
`)
	d.fire(noon, over)
	n := d.run(noon, "switch")
	if len(n) != 0 {
		t.Fatal("delivered what failed")
	}
	n = d.run(noon.Add(time.Hour))
	if err := n[0].Post(t.Context()); err != nil {
		t.Fatal(err)
	}
	if string(body) != string(n[0].Body) || got.Method != http.MethodPost || got.URL.Path != "/secret" ||
		got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Authorization") != "Bearer word" {
		t.Errorf("%s %s %v\n%s", got.Method, got.URL, got.Header, body)
	}
	code = http.StatusBadGateway
	if err := n[0].Post(t.Context()); err == nil || !strings.Contains(err.Error(), "receiver switch: ") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want an error that names the receiver and no secret", err)
	}
	other.Close()
	if err := n[0].Post(t.Context()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want an error without a secret", err)
	}
}

// A webhook that hangs has the time that its configuration gives it.
func TestPostDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer other.Close()
	defer close(release)
	d := newDesk(t, `
route: {receiver: switch}
receivers:
  - name: switch
    webhook_configs: [{url: "`+other.URL+`", timeout: 1ms}]
`)
	d.fire(noon, over)
	if err := d.run(noon)[0].Post(t.Context()); err == nil {
		t.Error("posted to nobody")
	}
}
