package dist

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A unit is a service of systemd, by its settings. One that is there several times
// has a line for each.
type unit map[string]string

func readUnit(t *testing.T, path string) unit {
	t.Helper()
	u := unit{}
	for line := range strings.Lines(read(t, path)) {
		key, value, is := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case !is || strings.HasPrefix(key, "#"):
		case u[key] == "":
			u[key] = value
		default:
			u[key] += "\n" + value
		}
	}
	return u
}

// start does what systemd does with a service of type oneshot: the command, as the
// user, with the environment of the unit and of its file, and its state directory.
// The sandbox is left out; what systemd thinks of it is tested in deploy.
func (r root) start(t *testing.T, u unit) *exec.Cmd {
	t.Helper()
	if u["User"] != "aipass" {
		t.Fatalf("the unit is of user %q", u["User"])
	}
	if dir := u["StateDirectory"]; dir != "" {
		must(t, os.MkdirAll(r.path("/var/lib", dir), 0o700))
		must(t, os.Chown(r.path("/var/lib", dir), aipass, aipass))
	}
	words := strings.Fields(u["ExecStart"])
	cmd := r.command(aipass, words[0], words[1:]...)
	cmd.Env = append(cmd.Env, u["Environment"])
	for line := range strings.Lines(read(t, r.path(strings.TrimPrefix(u["EnvironmentFile"], "-")))) {
		if !strings.HasPrefix(line, "#") {
			cmd.Env = append(cmd.Env, strings.TrimSpace(line))
		}
	}
	return cmd
}
