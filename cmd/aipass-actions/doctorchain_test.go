package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

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

// One Alertmanager for several hosts tells them apart by a label that Prometheus
// adds, or that somebody names: the test mail takes this host's way.
func TestDoctorProvesTheWayOfOneHostAmongSeveral(t *testing.T) {
	t.Parallel()
	c := &chain{token: filepath.Join(t.TempDir(), "attic.token")}
	c.site, _ = newWell(t)
	c.at(time.Now())
	write(t, filepath.Dir(c.token), "attic.token", "sesame\n")
	receiver := c.receiver("--token-file=" + c.token)
	c.webhook = "http://" + receiver
	c.alertmanager = c.startAlertmanagerOfSeveral(receiver)
	c.prometheus = c.startPrometheus(nowhere(t), c.alertmanager, "external_labels: {host: attic}")
	ask := func(args ...string) map[string]doctor.Step {
		return c.examine(append(args, "--alertmanager.url="+c.alertmanager, "--webhook.url="+c.webhook, "--token-file="+c.token)...)
	}
	finds(t, ask(), "routes", doctor.Fault, "alerts for branch go to workshop_dev_central", "--label")
	finds(t, ask("--label=host=workshop"), "routes", doctor.Fault, "workshop.example.org", `host="workshop"`)
	finds(t, ask("--label=host=attic"), "routes", doctor.OK, "branch over receiver attic_branch")

	steps := ask("--prometheus.url="+c.prometheus, "--send-test=@flow")
	finds(t, steps, "routes", doctor.OK, "branch over receiver attic_branch", `host="attic"`)
	finds(t, steps, "test", doctor.OK, "is in the mailbox of FLOW")
	servertest.Await(t, "the attic's Watchdog arrives", func() bool {
		return ask("--prometheus.url=" + c.prometheus)["alertmanager"].Result == doctor.OK
	})
	mute := c.startPrometheus(nowhere(t), nowhere(t), "external_labels: {host: workshop}")
	finds(t, ask("--prometheus.url="+mute), "alertmanager", doctor.Fault, "does not hear of AIPassWatchdog of this Prometheus")
	finds(t, ask("--prometheus.url="+nowhere(t)), "routes", doctor.Skipped, "external_labels of Prometheus")
	finds(t, ask("--prometheus.url="+nowhere(t), "--send-test=@flow"), "test", doctor.Fault, "external_labels of Prometheus", "--label")
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
	older, newer := c.copied(-time.Hour), c.copied(time.Hour)
	finds(t, c.examine(c.args("--textfile.directory="+newer)...), "prometheus", doctor.OK, "it last scraped at", "before aipass.prom was written anew")
	for name, row := range map[string]struct {
		arg, step string
		words     []string
	}{
		"no node_exporter":                      {"--node-exporter.url=" + none, "node_exporter", []string{"cannot be asked", "start node_exporter"}},
		"a node_exporter of other textfiles":    {"--node-exporter.url=" + otherNode, "node_exporter", []string{"it reads no aipass.prom", "--collector.textfile.directory=" + c.textfiles}},
		"something else than node_exporter":     {"--node-exporter.url=" + open, "node_exporter", []string{"it reads no aipass.prom"}},
		"a node_exporter of other times":        {"--textfile.directory=" + older, "node_exporter", []string{"it reads another aipass.prom than ours", "--collector.textfile.directory=" + older}},
		"a Prometheus of another host":          {"--textfile.directory=" + older, "prometheus", []string{"it sees another aipass.prom than ours", "of this host"}},
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
