package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A composition is compose.yml as the library behind docker compose reads it: what
// does not follow its schema is refused.
type composition struct {
	Services map[string]struct {
		Image       string
		Command     []string
		Environment map[string]string
		NetworkMode string `json:"network_mode"`
		Ports       []any
		Privileged  bool
		CapDrop     []string `json:"cap_drop"`
		Volumes     []struct{ Type, Source, Target string }
	}
}

func compose(t *testing.T) composition {
	t.Helper()
	cmd := exec.Command("go", "tool", "-modfile="+abs(t, "../tools/compose-go/go.mod"), "github.com/compose-spec/compose-go/v2/cmd",
		"-format=json", "-no-interpolation", "compose.yml")
	cmd.Dir = "compose"
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("compose.yml: %v\n%s", err, said.String())
	}
	var c composition
	must(t, json.Unmarshal(out, &c))
	return c
}

func abs(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	must(t, err)
	return path
}

func TestComposeStartsWhatIsDocumented(t *testing.T) {
	t.Parallel()
	var names []string
	for name, service := range compose(t).Services {
		names = append(names, name)
		if !regexp.MustCompile(`^[a-z/-]+:v?\d+\.\d+\.\d+$`).MatchString(service.Image) {
			t.Errorf("%s: %s is not one version for ever", name, service.Image)
		}
		if service.Privileged || !slices.Equal(service.CapDrop, []string{"ALL"}) {
			t.Errorf("%s may do more than it needs", name)
		}
	}
	slices.Sort(names)
	if want := []string{"alertmanager", "grafana", "node_exporter", "prometheus"}; !slices.Equal(names, want) {
		t.Errorf("starts %v, want %v", names, want)
	}
}

// All share the network of the host: each has to be told to listen on loopback,
// on the port where the configurations look for it.
func TestComposeListensOnLoopback(t *testing.T) {
	t.Parallel()
	c := compose(t)
	for name, flag := range map[string]string{
		"prometheus": "--web.listen-address=127.0.0.1:9090", "alertmanager": "--web.listen-address=127.0.0.1:9093",
		"node_exporter": "--web.listen-address=127.0.0.1:9100",
	} {
		if !slices.Contains(c.Services[name].Command, flag) {
			t.Errorf("%s is not told %s: %v", name, flag, c.Services[name].Command)
		}
	}
	if got := c.Services["grafana"].Environment["GF_SERVER_HTTP_ADDR"]; got != "127.0.0.1" {
		t.Errorf("grafana listens on %q", got)
	}
	if !slices.Contains(c.Services["alertmanager"].Command, "--cluster.listen-address=") {
		t.Error("alertmanager looks for others, on all addresses")
	}
	for name, service := range c.Services {
		if service.NetworkMode != "host" || len(service.Ports) > 0 {
			t.Errorf("%s: network %q, ports %v", name, service.NetworkMode, service.Ports)
		}
	}
}

// mounts are what is mounted into a service, by where.
func (c composition) mounts(service string) map[string]string {
	mounts := map[string]string{}
	for _, v := range c.Services[service].Volumes {
		mounts[v.Target] = v.Source
	}
	return mounts
}

// Each program finds what it is told of: what it is given is there, and where it
// looks for it.
func TestComposeMountsWhatIsThere(t *testing.T) {
	t.Parallel()
	c := compose(t)
	for service, mounts := range map[string]map[string]string{
		"prometheus":   {"/etc/prometheus": "prometheus"},
		"alertmanager": {"/etc/alertmanager/alertmanager.yml": "alertmanager/alertmanager.yml"},
		"grafana":      {"/etc/aipass/grafana": "../grafana"},
	} {
		for target, source := range mounts {
			if got := c.mounts(service)[target]; got != abs(t, source) {
				t.Errorf("%s has %q as %s, want %s", service, got, target, source)
			}
		}
	}
	for name, service := range c.Services {
		for _, v := range service.Volumes {
			ours := strings.HasPrefix(v.Source, abs(t, "..")+"/")
			if !ours {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if got := c.Services["grafana"].Environment["GF_PATHS_PROVISIONING"]; got != "/etc/aipass/grafana/provisioning" {
		t.Errorf("grafana looks for what to show in %q", got)
	}
	token := regexp.MustCompile(`credentials_file: (\S+)`).FindStringSubmatch(read(t, "alertmanager/alertmanager.yml"))
	if got := c.mounts("alertmanager")["/etc/alertmanager/"+token[1]]; got != "/etc/aipass-actions.token" {
		t.Errorf("the token is %q", got)
	}
}

// Its comments say how Prometheus and node_exporter are to be started.
func TestComposeStartsAsTheConfigurationSays(t *testing.T) {
	t.Parallel()
	c, config := compose(t), read(t, "prometheus/prometheus.yml")
	for service, form := range map[string]string{
		"prometheus":    `--storage\.tsdb\.retention\.time=\w+`,
		"node_exporter": `--collector\.textfile\.directory=[\w/-]+`,
	} {
		flag := regexp.MustCompile(form).FindString(config)
		inside := strings.Replace(flag, "=/var/", "=/host/var/", 1) // where the host's files are in the container
		if flag == "" || !slices.Contains(c.Services[service].Command, inside) {
			t.Errorf("%s is not told %q: %v", service, inside, c.Services[service].Command)
		}
	}
}

// The receiver's token is its user's alone. Alertmanager in its container is
// another user, and is given a group.
func TestThePageMakesTheTokenReadableForTheContainersGroup(t *testing.T) {
	t.Parallel()
	page := read(t, "../docs/install.md")
	given := regexp.MustCompile(`AIPASS_GID=\$\(id -g (\w+)\) docker compose`).FindStringSubmatch(page)
	group := regexp.MustCompile(`sudo chgrp (\w+) /etc/aipass-actions\.token`).FindStringSubmatch(page)
	mode := regexp.MustCompile(`sudo chmod (\d+) /etc/aipass-actions\.token`).FindStringSubmatch(page)
	if given == nil || group == nil || mode == nil {
		t.Fatalf("the page says group %q, mode %q, for %q", group, mode, given)
	}
	if given[1] != group[1] || mode[1] != "640" {
		t.Errorf("the container has group %s, the token %s and mode %s", given[1], group[1], mode[1])
	}
}
