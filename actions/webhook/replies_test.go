package webhook

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/promslog"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// secret is the token of a receiver that has one.
const secret = "open-sesame-4711"

// Every answer that there is, and what it takes to get it.
func TestReplies(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	token := filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(token, []byte("\n"+secret+"\r\n"), 0o600))
	_, url := serve(t, root, func(c *Config) { c.Token, c.MaxBody = &Token{token}, 4096 })
	good, pad := about("DRONE", "A"), strings.Repeat(" ", 4096)
	bearer := []string{"Authorization", "Bearer " + secret}
	for name, row := range map[string]struct {
		method, path, body string
		header             []string // beside Content-Type and a token that is right
		want               int
		says               string
	}{
		"written":                {body: good, want: 200, says: "1 alerts taken"},
		"unknown fields":         {body: strings.Replace(good, "{", `{"new":{"in":["0.99"]},`, 1), want: 200},
		"nobody's branch":        {body: about("NOBODY", "A"), want: 200, says: "1 alerts taken"},
		"nobody's address":       {path: AlertsPath + "?to=@nobody", body: good, want: 200},
		"a charset":              {body: good, header: []string{"Content-Type", "Application/JSON; charset=utf-8"}, want: 200},
		"bearer in other case":   {body: good, header: []string{"Authorization", "bEaReR  " + secret}, want: 200},
		"no JSON":                {body: "hello", want: 400, says: "no notification of Alertmanager"},
		"nothing":                {body: "", want: 400},
		"null":                   {body: "null", want: 400},
		"half of it":             {body: good[:len(good)-9], want: 400},
		"another version":        {body: strings.Replace(good, `"version":"4"`, `"version":"5"`, 1), want: 400, says: `version "5"`},
		"no version":             {body: strings.Replace(good, `"version":"4"`, `"was":"4"`, 1), want: 400},
		"no alerts":              {body: about("DRONE"), want: 400, says: "no alerts"},
		"neither on nor off":     {body: strings.ReplaceAll(good, `"status":"firing"`, `"status":"maybe"`), want: 400, says: "neither firing nor resolved"},
		"for nobody":             {path: AlertsPath, body: good, want: 400, says: "for whom"},
		"for an empty name":      {path: AlertsPath + "?to=", body: good, want: 400, says: "for whom"},
		"for two":                {path: AlertsPath + "?to=branch&to=assistant", body: good, want: 400},
		"a broken query":         {path: AlertsPath + "?to=branch&x=%zz", body: good, want: 400},
		"no such role":           {path: AlertsPath + "?to=boss", body: good, want: 400, says: `"boss"`},
		"a path for a name":      {path: AlertsPath + "?to=../../etc/passwd", body: good, want: 400},
		"no token":               {body: good, header: []string{"Authorization", ""}, want: 401, says: "wrong token or none"},
		"another token":          {body: good, header: []string{"Authorization", "Bearer open-sesame-4712"}, want: 401},
		"half a token":           {body: good, header: []string{"Authorization", "Bearer " + secret[:8]}, want: 401},
		"an empty token":         {body: good, header: []string{"Authorization", "Bearer "}, want: 401},
		"a password":             {body: good, header: []string{"Authorization", "Basic " + secret}, want: 401},
		"no such page":           {method: "GET", path: "/nothing", want: 404, says: AlertsPath},
		"another spelling":       {path: "//v1/alerts?to=branch", body: good, want: 404},
		"a slash at the end":     {path: AlertsPath + "/?to=branch", body: good, want: 404},
		"a way up":               {path: "/v1/x/../alerts?to=branch", body: good, want: 404},
		"an escaped slash":       {path: "/v1%2falerts%2f?to=branch", body: good, want: 404},
		"getting alerts":         {method: "GET", want: 405, says: "only POST"},
		"putting alerts":         {method: "PUT", body: good, want: 405},
		"posting to the metrics": {path: "/metrics", body: good, want: 405, says: "only GET"},
		"posting to the page":    {path: "/", body: good, want: 405},
		"too large":              {body: good + pad, want: 413, says: "larger than 4096 bytes"},
		"a form":                 {body: good, header: []string{"Content-Type", "application/x-www-form-urlencoded"}, want: 415},
		"no type":                {body: good, header: []string{"Content-Type", ""}, want: 415},
		"compressed":             {body: good, header: []string{"Content-Encoding", "gzip"}, want: 415},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, path := row.method, row.path
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = AlertsPath + "?to=branch"
			}
			header := append(append([]string{"Content-Type", "application/json"}, bearer...), row.header...)
			got := ask(t, method, url+path, row.body, header...)
			if got.code != row.want || !strings.Contains(got.body, row.says) {
				t.Errorf("got %d %q, want %d", got.code, got.body, row.want)
			}
			checkReply(t, got, root)
		})
	}
}

// checkReply checks what every answer has to be like.
func checkReply(t *testing.T, got answer, guarded ...string) {
	t.Helper()
	if len(got.body) > maxReply+1 || strings.Count(got.body, "\n") != 1 {
		t.Errorf("%d bytes, want a short line: %q", len(got.body), got.body)
	}
	for _, text := range append(guarded, secret) {
		if strings.Contains(got.body, text) {
			t.Errorf("%q tells of %s", got.body, text)
		}
	}
	for _, row := range []struct {
		code  int
		name  string
		value string
	}{
		{401, "Www-Authenticate", `Bearer realm="aipass-actions"`}, {503, "Retry-After", retryAfter}, {405, "Allow", got.header.Get("Allow")},
	} {
		if has := got.header.Get(row.name); (has != "") != (got.code == row.code) || got.code == row.code && has != row.value {
			t.Errorf("%d with %s: %q", got.code, row.name, has)
		}
	}
}

// What may work later is 503, whatever it is, for that is what Alertmanager
// tries again at once.
func TestWhatMayWorkLaterIs503(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil func(t *testing.T, root string, c *Config)
		want  string
	}{
		"shutting down": {nil, "shutting down"},
		"no registry": {func(t *testing.T, root string, _ *Config) {
			must(t, os.Remove(filepath.Join(root, "AIPASS_REGISTRY.json")))
		}, "nothing was written"},
		"nobody to catch it": {func(t *testing.T, root string, _ *Config) {
			must(t, os.WriteFile(filepath.Join(root, "AIPASS_REGISTRY.json"), []byte(`{"branches": []}`), 0o644))
		}, "1 of 1 alerts not written"},
		"locked": {func(t *testing.T, root string, c *Config) {
			t.Cleanup(holdMailbox(t, filepath.Join(root, "drone", ".ai_mail.local")))
			c.Desk = impatient(t, root)
		}, "1 of 1 alerts not written"},
		"no token file": {func(t *testing.T, _ string, c *Config) {
			c.Token = &Token{filepath.Join(t.TempDir(), "gone")}
		}, "the token cannot be checked now"},
		"an empty token file": {func(_ *testing.T, _ string, c *Config) { c.Token = &Token{os.DevNull} }, "the token cannot be checked now"},
		"a fault that has no name": {func(_ *testing.T, _ string, c *Config) {
			c.Desk = deskFunc(func(context.Context, alerts.Notification, string) ([]alerts.Told, error) {
				return nil, errors.New("open /home/aipass: " + secret)
			})
		}, "nothing was written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := layHost(t, aipass.Modern, branches...)
			h, url := serve(t, root, func(c *Config) {
				if row.spoil != nil {
					row.spoil(t, root, c)
				}
			})
			if row.spoil == nil {
				h.Stop()
			}
			got := post(t, url, "branch", about("DRONE", "A"))
			if got.code != 503 || !strings.Contains(got.body, row.want) {
				t.Errorf("got %d %q, want 503 %q", got.code, got.body, row.want)
			}
			checkReply(t, got, root)
			if name != "no registry" && name != "nobody to catch it" && len(mails(t, root, "DRONE")) > 0 {
				t.Error("there is mail all the same")
			}
		})
	}
}

// deskFunc is a desk that fails in a way that no host can be brought to.
type deskFunc func(context.Context, alerts.Notification, string) ([]alerts.Told, error)

func (f deskFunc) Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	return f(ctx, n, to)
}

// impatient is the real desk, which waits for no lock.
func impatient(t *testing.T, root string) *alerts.Desk {
	t.Helper()
	desk, err := newDesk(root, optionsWithoutPatience)
	must(t, err)
	return desk
}

// What is written of a notification is not written again when the rest is sent
// again, and the log says what to do.
func TestHalfANotificationIs503AndIsMadeWholeLater(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	var log buffer
	_, url := serve(t, root, func(c *Config) {
		c.Desk, c.Logger = impatient(t, root), promslog.New(&promslog.Config{Writer: &log})
	})
	both := strings.Replace(about("DRONE", "A", "B"), `"branch":"DRONE"`, `"branch":"FLOW"`, 1)
	unlock := holdMailbox(t, filepath.Join(root, "flow", ".ai_mail.local"))
	if got := post(t, url, "branch", both); got.code != 503 || got.body != "1 of 2 alerts not written, see the receiver's log\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if !strings.Contains(log.String(), `branch=FLOW alerts=1 err=`) || !strings.Contains(log.String(), "remedy=") {
		t.Errorf("the log says\n%s", log.String())
	}
	unlock()
	for range 2 {
		if got := post(t, url, "branch", both); got.code != 200 {
			t.Errorf("got %d %q", got.code, got.body)
		}
	}
	for _, branch := range []string{"DRONE", "FLOW"} {
		if got := mails(t, root, branch); len(got) != 1 {
			t.Errorf("%s has %q", branch, got)
		}
	}
}
