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
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// The chain with the real daemons: node_exporter, Prometheus, Alertmanager and the
// receiver.

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

// startAlertmanager runs one with the shipped routing, which is told where the
// receiver is, and to wait for seconds rather than minutes.
func (c *chain) startAlertmanager(receiver, wait string) string {
	c.t.Helper()
	shipped, err := os.ReadFile("../../deploy/alertmanager/alertmanager.yml")
	if err != nil {
		c.t.Fatal(err)
	}
	text := strings.ReplaceAll(string(shipped), "127.0.0.1:10148", receiver)
	text = regexp.MustCompile(`group_wait: \S+`).ReplaceAllString(text, wait)
	text = regexp.MustCompile(`group_interval: \S+`).ReplaceAllString(text, "group_interval: 1s")
	write(c.t, filepath.Dir(c.token), "alertmanager.yml", text) // with the token beside it
	return servertest.StartAlertmanager(c.t, filepath.Join(filepath.Dir(c.token), "alertmanager.yml")).URL()
}

func (c *chain) startPrometheus(node, alertmanager string) string {
	c.t.Helper()
	rules, err := filepath.Abs("../../deploy/prometheus/rules")
	if err != nil {
		c.t.Fatal(err)
	}
	target := func(address string) string { return strings.TrimPrefix(address, "http://") }
	dir := c.t.TempDir()
	write(c.t, dir, "prometheus.yml", fmt.Sprintf(`{global: {scrape_interval: 1s, evaluation_interval: 1s}, rule_files: [%q],
		alerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}, scrape_configs: [{job_name: node, static_configs: [{targets: [%q]}]}]}`,
		rules+"/*.yml", target(alertmanager), target(node)))
	// What is said before the Alertmanager is found is lost, and said again by then.
	return servertest.StartPrometheus(c.t, filepath.Join(dir, "prometheus.yml"), "--rules.alert.resend-delay=1s").URL()
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

// An Alertmanager gets the synthetic alert as Prometheus would tell it, and the
// receiver its notification.
func TestDoctorSendsATestMailOverAlertmanager(t *testing.T) {
	t.Parallel()
	c := &chain{token: filepath.Join(t.TempDir(), "aipass-actions.token")}
	c.site, _ = newWell(t)
	c.at(time.Now()) // as Alertmanager's is
	write(t, filepath.Dir(c.token), filepath.Base(c.token), "sesame\n")
	receiver := c.receiver("--token-file=" + c.token)
	c.webhook = "http://" + receiver
	c.alertmanager = c.startAlertmanager(receiver, "group_wait: 0s")
	test := func(args ...string) doctor.Step {
		return c.examine(append(args, "--alertmanager.url="+c.alertmanager, "--webhook.url="+c.webhook, "--token-file="+c.token)...)["test"]
	}
	step := test("--send-test=@dev_central")
	if step.Result != doctor.OK || step.Took <= 0 {
		t.Errorf("%+v", step)
	}
	t.Logf("from the alert to the mail: %.3f s", step.Took)
	servertest.Await(t, "the mail closes itself", func() bool {
		for path, content := range tree(t, filepath.Join(c.home, "dev/ai_mail.local")) {
			if strings.Contains(path, "/deleted/") && strings.Contains(content, "AIPassTest-") {
				return true
			}
		}
		return false
	})

	c.alertmanager = c.startAlertmanager(receiver, "group_wait: 10m")
	step = test("--send-test=@flow", "--send-test.timeout=200ms")
	finds(t, map[string]doctor.Step{"test": step}, "test", doctor.Fault, "no mail of AIPassTest-", "group_wait", "--send-test.timeout")
	left := clitest.Get(t, clitest.NewClient(), c.alertmanager+"/api/v2/alerts")
	if left.Code != 200 || left.Body != "[]\n" {
		t.Errorf("Alertmanager still has %+v", left)
	}
}

// All steps of the chain with the real daemons; each is broken in turn and gives
// its cross and its remedy.
func TestDoctorProvesTheChain(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	whole := c.examine(c.args()...)
	for _, name := range append([]string{"host", "mailboxes", "catch-all", "textfiles", "jobs", "clock", "state"}, daemons...) {
		finds(t, whole, name, doctor.OK)
	}
	finds(t, whole, "routes", doctor.OK, "branch over receiver branch, assistant over receiver assistant, dev_central over receiver dev_central")
	finds(t, whole, "clock", doctor.OK, "4 servers have the same time")

	none, token, rules, mute := nowhere(t), t.TempDir(), t.TempDir(), t.TempDir()
	write(t, token, "wrong", "open\n")
	write(t, rules, "more.yml", "groups: [{name: more, rules: [{alert: AIPassWatchdog, expr: vector(1)}, {alert: Unheard, expr: vector(1)}]}]\n")
	write(t, mute, "alertmanager.yml", toNobody)
	open := "http://" + c.receiver()
	otherNode := strings.TrimSuffix(nodeexportertest.Start(t, t.TempDir()).URL(), "/metrics")
	alone := servertest.StartAlertmanager(t, filepath.Join(mute, "alertmanager.yml")).URL()
	blind := c.startPrometheus(none, none)
	for name, row := range map[string]struct {
		arg, step string
		words     []string
	}{
		"no node_exporter":                      {"--node-exporter.url=" + none, "node_exporter", []string{"cannot be asked", "start node_exporter"}},
		"a node_exporter of other textfiles":    {"--node-exporter.url=" + otherNode, "node_exporter", []string{"it reads no aipass.prom", "--collector.textfile.directory=" + c.textfiles}},
		"something else than node_exporter":     {"--node-exporter.url=" + open, "node_exporter", []string{"it reads no aipass.prom"}},
		"no Prometheus":                         {"--prometheus.url=" + none, "prometheus", []string{"cannot be asked", "start Prometheus"}},
		"no Prometheus to have rules":           {"--prometheus.url=" + none, "rules", []string{"cannot be asked", "start Prometheus"}},
		"a Prometheus that does not scrape":     {"--prometheus.url=" + blind, "prometheus", []string{"never seen aipass.prom", "scrape_configs"}},
		"something else than Prometheus":        {"--prometheus.url=" + c.alertmanager, "prometheus", []string{"404", "--prometheus.url"}},
		"a rule that is not loaded":             {"--rules=" + rules + "/*.yml", "rules", []string{"1 of 2 rules are not loaded: Unheard", "rule_files"}},
		"no Alertmanager":                       {"--alertmanager.url=" + none, "alertmanager", []string{"cannot be asked", "start Alertmanager"}},
		"an Alertmanager that nobody tells":     {"--alertmanager.url=" + alone, "alertmanager", []string{"does not hear of AIPassWatchdog", "alerting.alertmanagers"}},
		"an Alertmanager that tells nobody":     {"--alertmanager.url=" + alone, "routes", []string{"alerts for branch go to nobody", "deploy/alertmanager/alertmanager.yml"}},
		"no receiver":                           {"--webhook.url=" + none, "webhook", []string{"cannot be asked", "start aipass-actions webhook"}},
		"a wrong token":                         {"--token-file=" + filepath.Join(token, "wrong"), "webhook", []string{"does not know the token", "the same token"}},
		"no token":                              {"--token-file=", "webhook", []string{"wants to hear a token", "--token-file"}},
		"no token file":                         {"--token-file=" + filepath.Join(token, "none"), "webhook", []string{"token file", "let this user read"}},
		"a receiver that asks for no token":     {"--webhook.url=" + open, "webhook", []string{"lets in who does not know the token", "--token-file=" + c.token}},
		"something else than the receiver":      {"--webhook.url=" + c.prometheus, "webhook", []string{"404", "--webhook.url"}},
		"a clock of Prometheus' that goes slow": {"--prometheus.url=" + slow(t, c.prometheus, time.Hour), "clock", []string{"differs by", "NTP"}},
		"a clock that goes fast":                {"--prometheus.url=" + slow(t, c.prometheus, -time.Hour), "clock", []string{"differs by", "NTP"}},
	} {
		t.Run(name, func(t *testing.T) { finds(t, c.examine(c.args(row.arg)...), row.step, doctor.Fault, row.words...) })
	}
}

// Whatever there is to ask, asking changes nothing. The Alertmanager tells nobody:
// what it has to tell would change the mailboxes.
func TestDoctorWritesNothing(t *testing.T) {
	t.Parallel()
	c := &chain{token: filepath.Join(t.TempDir(), "token")}
	c.site, c.textfiles = newWell(t)
	write(t, filepath.Dir(c.token), "token", "sesame\n")
	c.webhook = "http://" + clitest.StartServer(t, program(), "webhook", "--aipass.home="+c.home, "--state.dir="+t.TempDir(),
		"--web.listen-address=127.0.0.1:0", "--token-file="+c.token).Address
	write(t, filepath.Dir(c.token), "alertmanager.yml", toNobody)
	c.alertmanager = servertest.StartAlertmanager(t, filepath.Join(filepath.Dir(c.token), "alertmanager.yml")).URL()
	c.node = strings.TrimSuffix(nodeexportertest.Start(t, c.textfiles).URL(), "/metrics")
	c.prometheus = c.startPrometheus(c.node, c.alertmanager)
	for name, args := range map[string][]string{"without a daemon": nil, "with all of them": c.args()} {
		before := tree(t, c.home, c.state, c.textfiles)
		c.examine(args...)
		if diff := cmp.Diff(before, tree(t, c.home, c.state, c.textfiles)); diff != "" {
			t.Errorf("%s, -before +after:\n%s", name, diff)
		}
	}
	remove(t, c.state)
	finds(t, c.examine(), "state", doctor.OK, "the first run makes it")
	if _, err := os.Stat(c.state); !os.IsNotExist(err) {
		t.Errorf("the state directory is there: %v", err)
	}
}

const toNobody = "{route: {receiver: nobody}, receivers: [{name: nobody}]}"
