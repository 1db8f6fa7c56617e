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
	env := u.environment(read(t, r.path(strings.TrimPrefix(u["EnvironmentFile"], "-"))))
	words := u.command(env)
	cmd := r.command(aipass, words[0], words[1:]...)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// environment is what the unit sets, and then its file.
func (u unit) environment(file string) map[string]string {
	env := map[string]string{}
	for line := range strings.Lines(u["Environment"] + "\n" + file) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(name, "#") {
			env[name] = value
		}
	}
	return env
}

// command is what the unit starts: $NAME stands for as many words as the variable
// has.
func (u unit) command(env map[string]string) []string {
	return strings.Fields(os.Expand(u["ExecStart"], func(name string) string { return env[name] }))
}
