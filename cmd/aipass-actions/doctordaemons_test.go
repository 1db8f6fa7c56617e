package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// A chain is a site and the real daemons, with the files that are shipped.
type chain struct {
	*site
	textfiles, token                        string
	node, prometheus, alertmanager, webhook string // addresses
}

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{token: filepath.Join(t.TempDir(), "aipass-actions.token")}
	c.site, c.textfiles = newWell(t)
	write(t, filepath.Dir(c.token), filepath.Base(c.token), "sesame\n")
	receiver := c.receiver("--token-file=" + c.token)
	c.webhook = "http://" + receiver
	c.alertmanager = c.startAlertmanager(receiver, "group_wait: 0s")
	c.node = strings.TrimSuffix(nodeexportertest.Start(t, c.textfiles).URL(), "/metrics")
	c.prometheus = c.startPrometheus(c.node, c.alertmanager)
	var steps map[string]doctor.Step
	defer func() {
		if t.Failed() {
			t.Log(steps)
		}
	}()
	servertest.Await(t, "Prometheus has scraped and told", func() bool {
		steps = c.examine(c.args()...)
		return steps["prometheus"].Result == doctor.OK && steps["alertmanager"].Result == doctor.OK
	})
	return c
}

// args name all that there is, and what takes the place of something.
func (c *chain) args(instead ...string) []string {
	args := []string{
		"--textfile.directory=" + c.textfiles, "--node-exporter.url=" + c.node, "--prometheus.url=" + c.prometheus,
		"--alertmanager.url=" + c.alertmanager, "--webhook.url=" + c.webhook, "--token-file=" + c.token,
	}
	for i, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		for _, other := range instead {
			if strings.HasPrefix(other, name+"=") {
				args[i] = other
			}
		}
	}
	for _, other := range instead {
		if strings.HasPrefix(other, "--rules=") || strings.HasPrefix(other, "--send-test") || strings.HasPrefix(other, "--max") {
			args = append(args, other)
		}
	}
	return args
}

// receiver is where one listens.
func (c *chain) receiver(args ...string) string {
	c.t.Helper()
	return clitest.StartServer(c.t, program(), append([]string{
		"webhook", "--aipass.home=" + c.home, "--state.dir=" + c.state, "--web.listen-address=127.0.0.1:0",
	}, args...)...).Address
}

// startAlertmanager runs one that waits for seconds rather than minutes.
func (c *chain) startAlertmanager(receiver, wait string) string {
	c.t.Helper()
	return startAlertmanager(c.t, receiver, filepath.Dir(c.token), wait, "group_interval: 1s").URL()
}

// startAlertmanagerOfSeveral runs one for several hosts, with the file that is
// shipped, of which this host is the attic.
func (c *chain) startAlertmanagerOfSeveral(receiver string) string {
	c.t.Helper()
	shipped, err := os.ReadFile("../../deploy/alertmanager/alertmanager-several-hosts.yml")
	if err != nil {
		c.t.Fatal(err)
	}
	config := strings.NewReplacer(
		"https://attic.example.org:10148", "http://"+receiver, "credentials_file: workshop.token", "credentials_file: attic.token",
		"ca_file: ca.pem", "insecure_skip_verify: false", "group_wait: 1m", "group_wait: 0s", "group_interval: 5m", "group_interval: 1s",
	).Replace(string(shipped))
	write(c.t, filepath.Dir(c.token), "several.yml", config)
	return servertest.StartAlertmanager(c.t, filepath.Join(filepath.Dir(c.token), "several.yml")).URL()
}

func (c *chain) startPrometheus(node, alertmanager string, global ...string) string {
	c.t.Helper()
	rules, err := filepath.Abs("../../deploy/prometheus/rules")
	if err != nil {
		c.t.Fatal(err)
	}
	target := func(address string) string { return strings.TrimPrefix(address, "http://") }
	dir := c.t.TempDir()
	write(c.t, dir, "prometheus.yml", fmt.Sprintf(`{global: {scrape_interval: 1s, evaluation_interval: 1s, %s}, rule_files: [%q],
		alerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}, scrape_configs: [{job_name: node, static_configs: [{targets: [%q]}]}]}`,
		strings.Join(global, ", "), rules+"/*.yml", target(alertmanager), target(node)))
	// What is said before the Alertmanager is found is lost, and said again by then.
	return servertest.StartPrometheus(c.t, filepath.Join(dir, "prometheus.yml"), "--rules.alert.resend-delay=1s").URL()
}

// copied are the textfiles in another directory, written so much later.
func (c *chain) copied(later time.Duration) string {
	c.t.Helper()
	dir := c.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(c.textfiles)); err != nil {
		c.t.Fatal(err)
	}
	for _, name := range []string{look.MetricsFile, actions.MetricsFile} {
		at := time.Now().Add(later)
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			c.t.Fatal(err)
		}
	}
	return dir
}

// nowhere is an address at which nobody listens.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// slow is a server as seen by who reaches it over a machine whose clock is wrong.
func slow(t *testing.T, address string, by time.Duration) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	proxy.ModifyResponse = func(r *http.Response) error {
		r.Header.Set("Date", time.Now().UTC().Add(-by).Format(http.TimeFormat))
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}
