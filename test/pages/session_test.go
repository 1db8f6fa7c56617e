package pages

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/checkouttest"
	"github.com/aiosai/aipass-exporter/internal/demohost"
	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// A session is a reader who does what a page says, on a demo host.
type session struct {
	t         *testing.T
	reader    string            // the reader's home
	root      string            // below which the page's absolute paths are
	addresses map[string]string // on which the page's servers listen here
	said      string            // by the last block
}

func newSession(t *testing.T) *session {
	t.Helper()
	s := &session{t: t, reader: aipassHome, root: t.TempDir(), addresses: map[string]string{}}
	must(t, demohost.Lay(s.path(aipassHome), time.Now()))
	for _, dir := range []string{"/etc/default", "/etc/systemd/system", "/usr/local/bin", "/var/lib/prometheus/node-exporter", "/root", "/work"} {
		must(t, os.MkdirAll(s.path(dir), 0o755))
	}
	checkouttest.Copy(t, s.path("/work"))
	must(t, os.Symlink(programs(t), s.path("/work/bin")))
	return s
}

// aipassHome is that of AIPass's user.
const aipassHome = "/home/aipass"

func (s *session) path(absolute string) string { return filepath.Join(s.root, absolute) }

// run does what the lines say, one after the other.
func (s *session) run(lines []string) {
	s.t.Helper()
	s.said = ""
	for _, line := range lines {
		line = bare(line)
		instead, replaced := standIns[line]
		switch {
		case line == "":
		case replaced:
			instead(s)
		case strings.HasPrefix(line, "make "):
			must(s.t, os.RemoveAll(s.path("/work/bin"))) // nothing is made there yet
			s.command(line)
		case server.MatchString(line):
			s.serve(line)
		default:
			s.command(line)
		}
	}
}

// bare is a line without the remark behind it.
func bare(line string) string {
	line, _, _ = strings.Cut(line, "  #")
	return strings.TrimSpace(line)
}

// command runs a line in a shell. What asks a server is asked until it answers:
// servers look and evaluate once a second here.
func (s *session) command(line string) {
	s.t.Helper()
	var code int
	var out string
	if asks.MatchString(line) {
		servertest.Await(s.t, line, func() bool {
			code, out = s.shell(line)
			return code == exits[line]
		})
	} else if code, out = s.shell(line); code != exits[line] {
		s.t.Fatalf("%s: exit code %d, want %d\n%s", line, code, exits[line], out)
	}
	s.said += out
}

func (s *session) shell(line string) (code int, out string) {
	s.t.Helper()
	line, home := s.who(line)
	shell := exec.CommandContext(s.t.Context(), "bash", "-euo", "pipefail", "-c", s.substituted(line))
	shell.Dir = s.path("/work")
	shell.Env = append(goDirs(s.t),
		"PATH="+programs(s.t)+":"+os.Getenv("PATH")+":/usr/sbin:/sbin",
		"HOME="+s.path(home), "XDG_CONFIG_HOME="+s.path("/etc"), "LANG=C.UTF-8", "GORACE=atexit_sleep_ms=0",
	)
	said, err := shell.CombinedOutput()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		s.t.Fatalf("%s: %v", line, err)
	}
	return shell.ProcessState.ExitCode(), string(said)
}

// who says whose home a line has: sudo, without which this machine does, changes
// it.
func (s *session) who(line string) (rest, home string) {
	if rest, is := strings.CutPrefix(line, asAIPass); is {
		return rest, aipassHome
	}
	return line, s.reader
}

// goDirs are where go keeps what it has, which is not the home of the session.
func goDirs(t *testing.T) (env []string) {
	t.Helper()
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOFLAGS"}
	values, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	must(t, err)
	for i, value := range strings.Split(string(values), "\n")[:len(names)] {
		env = append(env, names[i]+"="+value)
	}
	return env
}

// hasSaid wants every line to be one of the last block's output.
func (s *session) hasSaid(lines []string) {
	s.t.Helper()
	for _, line := range lines {
		if line != "…" && !strings.Contains(s.said, s.substituted(line)) {
			s.t.Errorf("the page shows\n%s\nand what came is\n%s", line, s.said)
		}
	}
}

// commandsOf are those of crontab lines: what stands behind five fields.
func commandsOf(t *testing.T, lines []string) (commands []string) {
	t.Helper()
	for _, line := range lines {
		m := cronLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("not a line of a crontab: %s", line)
		}
		commands = append(commands, m[1])
	}
	return commands
}

var cronLine = regexp.MustCompile(`^(?:[-*/,\d]+ ){4}[-*/,\d]+\s+(\S.*)$`)

// binDir names, in the environment of the processes that tests start, where the
// programs are.
const binDir = "PAGES_BIN"

var build sync.Once

// programs is where they are, built once.
func programs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(binDir)
	build.Do(func() {
		if _, err := os.Stat(filepath.Join(dir, "aipass-actions")); err == nil {
			return
		}
		checkouttest.Programs(t, dir, "./cmd/...")
	})
	return dir
}

func TestMain(m *testing.M) {
	if os.Getenv(binDir) != "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "pages")
	if err == nil {
		err = os.Setenv(binDir, dir)
	}
	if err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
