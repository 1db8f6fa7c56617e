package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/nodeexportertest"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// All that is changed of what pages say: absolute paths are below the session's
// directory, servers listen on free ports, and nothing is given to users that
// this machine need not have.

var (
	paths  = regexp.MustCompile(`(^|[\s=:'"(>])(/(?:etc|home|usr/local|var/lib)/)`)
	owners = regexp.MustCompile(` -[og] [a-z]+`)
	// server is a line that starts one of ours.
	server = regexp.MustCompile(`^(` + asAIPass + `)?(aipass-exporter serve|aipass-actions webhook) `)
	// asks is a line that asks a server.
	asks = regexp.MustCompile(`^(curl|` + asAIPass + `aipass-actions history \|) `)
)

// asAIPass is how root says that AIPass's user does something.
const asAIPass = "sudo -u aipass "

func (s *session) substituted(line string) string {
	line = owners.ReplaceAllString(paths.ReplaceAllString(line, "${1}"+s.root+"${2}"), "")
	for page, here := range s.addresses {
		line = strings.ReplaceAll(line, page, here)
	}
	return line
}

// listens enters where a server of the page's listens here.
func (s *session) listens(page string, server interface{ URL() string }) {
	s.addresses[page] = strings.TrimSuffix(strings.TrimPrefix(server.URL(), "http://"), "/metrics")
}

// serve starts one of our servers, which a reader would have running in another
// terminal.
func (s *session) serve(line string) {
	s.t.Helper()
	line, _ = s.who(line)
	line = regexp.MustCompile(`--web\.listen-address=\S+`).ReplaceAllString(line, "")
	words := strings.Fields(s.substituted(line))
	page := map[string]string{"aipass-exporter": "localhost:10147", "aipass-actions": "localhost:10148"}[words[0]]
	args := append(words[1:], "--web.listen-address=127.0.0.1:0")
	s.listens(page, servertest.Start(s.t, servertest.Program{Names: []string{filepath.Join(programs(s.t), words[0])}}, args...))
}

// standIns are done in the place of lines that would run this test, install what
// scripts/test-deps.sh has installed, or have systemd start what a test starts
// itself, from the files that the page has had installed.
var standIns = map[string]func(*session){
	"make test": func(s *session) { s.command("make --dry-run test") },
	"apt-get install prometheus prometheus-alertmanager prometheus-node-exporter": func(s *session) {
		s.command("apt-get --simulate install prometheus prometheus-alertmanager prometheus-node-exporter")
		s.command("install -m 644 -D /dev/null /etc/prometheus/prometheus.yml") // which they bring
		s.command("install -m 644 -D /dev/null /etc/prometheus/alertmanager.yml")
	},
	"chgrp aipass /var/lib/prometheus/node-exporter":       func(s *session) { s.command("ls /var/lib/prometheus/node-exporter") },
	"systemctl enable --now aipass-actions-webhook":        (*session).receiver,
	"systemctl restart prometheus prometheus-alertmanager": (*session).watchers,
	"systemctl daemon-reload":                              (*session).units,
	"systemctl restart aipass-actions-webhook":             (*session).receiver,
	"systemctl restart prometheus":                         func(s *session) { s.hasFilesOf("/etc/prometheus/prometheus.yml") },
	"systemctl restart prometheus-alertmanager":            (*session).alertmanagerOfTheAttic,
}

// receiver is what the installed unit starts, once it is enabled.
func (s *session) receiver() {
	s.t.Helper()
	s.command("systemctl --root=" + s.root + " enable aipass-actions-webhook")
	unit, err := os.ReadFile(s.path("/etc/systemd/system/aipass-actions-webhook.service"))
	must(s.t, err)
	m := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/(.*) \$WEBHOOK_ARGS$`).FindSubmatch(unit)
	if m == nil {
		s.t.Fatalf("the unit starts nothing:\n%s", unit)
	}
	flags, err := os.ReadFile(s.path("/etc/default/aipass"))
	must(s.t, err)
	s.serve(string(m[1]) + " " + strings.TrimPrefix(string(flags), "WEBHOOK_ARGS=") + " --aipass.home=/home/aipass --state.dir=/home/aipass/.local/state/aipass-exporter")
}

// units are what systemd will read anew, and has nothing to say of.
func (s *session) units() {
	s.t.Helper()
	s.command("cp -r /etc/systemd/system /etc/systemd/read")
	s.edit("/etc/systemd/read/aipass-actions-webhook.service", "/usr/local/bin/aipass-actions", "/bin/true")
	s.command("systemd-analyze verify /etc/systemd/read/aipass-actions-webhook.service 2>&1 | (! grep .)")
}

// alertmanagerOfTheAttic finds the attic's receiver where it listens here.
func (s *session) alertmanagerOfTheAttic() {
	s.t.Helper()
	const config = "/etc/prometheus/alertmanager.yml"
	s.hasFilesOf(config)
	s.edit(config, "group_wait: 1m", "group_wait: 1s",
		"attic.example.org:10148", s.addresses["localhost:10148"],
		"ca_file: ca.pem", "ca_file: ca.pem\n            server_name: attic.example.org")
	s.listens("localhost:9093", servertest.StartAlertmanager(s.t, s.path(config)))
}

// watchers are Debian's, with the installed files, in a hurry.
func (s *session) watchers() {
	s.t.Helper()
	s.listens("localhost:9100", nodeexportertest.Start(s.t, s.path("/var/lib/prometheus/node-exporter")))
	s.edit("/etc/prometheus/alertmanager.yml",
		"group_wait: 1m", "group_wait: 1s", "group_wait: 10s", "group_wait: 1s",
		"127.0.0.1:10148", s.addresses["localhost:10148"])
	s.listens("localhost:9093", servertest.StartAlertmanager(s.t, s.path("/etc/prometheus/alertmanager.yml")))
	s.edit("/etc/prometheus/prometheus.yml",
		"scrape_interval: 1m", "scrape_interval: 1s", "evaluation_interval: 1m", "evaluation_interval: 1s",
		"localhost:9100", s.addresses["localhost:9100"],
		"localhost:10148", s.addresses["localhost:10148"],
		"localhost:9093", s.addresses["localhost:9093"])
	s.listens("localhost:9090", servertest.StartPrometheus(s.t, s.path("/etc/prometheus/prometheus.yml")))
}

// edit replaces each old text by the new one behind it, which must find it.
func (s *session) edit(absolute string, oldNew ...string) {
	s.t.Helper()
	text, err := os.ReadFile(s.path(absolute))
	must(s.t, err)
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(string(text), oldNew[i]) {
			s.t.Fatalf("%s has no %q", absolute, oldNew[i])
		}
		text = []byte(strings.ReplaceAll(string(text), oldNew[i], oldNew[i+1]))
	}
	must(s.t, os.WriteFile(s.path(absolute), text, 0o644))
}
