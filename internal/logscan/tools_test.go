package logscan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// The rotations that there are in the world: logrotate's and Python's own.

func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: install it (make test-deps)", err)
	}
	return path
}

func TestLogrotate(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		options string
		lost    bool // what was written after the last look, if it is compressed at once
	}{
		"create":                    {"create", false},
		"nocreate, dated":           {"nocreate\ndateext", false},
		"create, start 0":           {"create\nstart 0", false},
		"copytruncate":              {"copytruncate", false},
		"copytruncate, dated":       {"copytruncate\ndateext\ndateformat .%Y-%m-%d", false},
		"copy":                      {"copy", false},
		"delaycompress":             {"create\ncompress\ndelaycompress", false},
		"copytruncate, delayed":     {"copytruncate\ncompress\ndelaycompress", false},
		"compress":                  {"create\ncompress", true},
		"copytruncate and compress": {"copytruncate\ncompress", true},
		"extension":                 {"create\nextension .log", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			rotate := f.logrotate(row.options)
			var written, lost int64
			for round := range 4 {
				seen, unseen := lines(20, fmt.Sprint("seen ", round)), lines(7, fmt.Sprint("unseen ", round))
				f.append(droneLog, seen)
				f.count()
				f.append(droneLog, unseen)
				rotate()
				f.nextDay(round)
				written += int64(len(seen) + len(unseen))
				if row.lost {
					lost += int64(len(unseen))
				}
				got := f.ops()
				if got.Lost != lost || got.Read+got.Lost != written {
					t.Fatalf("round %d: got %d read and %d lost of %d, want %d lost", round, got.Read, got.Lost, written, lost)
				}
			}
			want := int64(4 * 27)
			if row.lost {
				want = 4 * 20
			}
			f.wantErrors(want, f.ops())
		})
	}
}

// logrotate rotates DRONE's log each time it is called, keeping two backups.
func (f *fleet) logrotate(options string) (rotate func()) {
	f.t.Helper()
	path := program(f.t, "logrotate")
	dir := f.t.TempDir()
	config, state := filepath.Join(dir, "conf"), filepath.Join(dir, "state")
	f.must(os.WriteFile(config, []byte(fmt.Sprintf("%q {\nrotate 2\nmissingok\n%s\n}\n", f.path(droneLog), options)), 0o644))
	return func() {
		f.t.Helper()
		if out, err := exec.Command(path, "--force", "--state", state, config).CombinedOutput(); err != nil {
			f.t.Fatalf("logrotate: %v\n%s", err, out)
		}
	}
}

// nextDay makes a backup of today one of another day: there is one for each.
func (f *fleet) nextDay(day int) {
	f.t.Helper()
	then := time.Date(1999, 1, 1+day, 0, 0, 0, 0, time.UTC)
	for pattern, form := range map[string]string{"-20??????": "-20060102", ".20??-??-??": ".2006-01-02"} {
		today, err := filepath.Glob(f.path(droneLog) + pattern)
		f.must(err)
		for _, backup := range today {
			f.must(os.Rename(backup, f.path(droneLog)+then.Format(form)))
		}
	}
}

// Several processes write one log through handlers of their own, as AIPass's
// do, and rename it under each other's feet. Between the looks they stand still.
func TestPythonsRotatingFileHandlerInSeveralProcesses(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	python := program(t, "python3")
	const script = `
import logging, logging.handlers, sys
path, name, maximum = sys.argv[1], sys.argv[2], int(sys.argv[3])
handler = logging.handlers.RotatingFileHandler(path, maxBytes=maximum, backupCount=30, encoding="utf-8")
handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s", "%Y-%m-%d %H:%M:%S"))
logger = logging.getLogger("captured_ops")
logger.addHandler(handler)
n = 0
for line in sys.stdin:
    for _ in range(int(line)):
        n += 1
        logger.error("%s says %d", name, n)
        try:
            raise ValueError(" - ERROR - ")
        except ValueError:
            logger.warning("trouble", exc_info=True)
    print("done", flush=True)
`
	var writers []func(n int)
	for _, name := range []string{"anna", "bert", "carl"} {
		writers = append(writers, f.coprocess(python, "-c", script, f.path(droneLog), name, "3000"))
	}
	var want int64
	for round := range 6 {
		for i, write := range writers {
			n := 3 + 2*i + round
			write(n)
			want += int64(n)
		}
		got := f.ops()
		f.wantErrors(want, got)
		if warnings := got.Messages[aipass.WarningLog]; warnings != want || got.Lost != 0 {
			t.Errorf("got %d warnings and %d bytes lost, want %d and none", warnings, got.Lost, want)
		}
	}
	if got := f.ops(); got.Rotations < 3 {
		t.Errorf("got %d rotations: the test has not tried what it is for", got.Rotations)
	}
}
