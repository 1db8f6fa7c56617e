package mailbox

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A peer is another process that works on the same mailbox: a program of AIPass
// (testdata/peer.py) or this one, run again. It takes commands and answers, a
// line each.
type peer struct {
	t    *testing.T
	name string
	in   io.WriteCloser
	out  *bufio.Scanner
}

// python is a program of AIPass at a mailbox. The lock file turns is for those
// that would destroy each other's work; "" is for none.
func python(t *testing.T, l aipass.Layout, dir, turns, name string) *peer {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs python3, in which AIPass is written; make test-deps installs it: %v", err)
	}
	return start(t, name, exec.Command(path, "-I", "testdata/peer.py", l.String(), dir, turns, name))
}

// start starts a process that ends when its standard input does: with the test,
// and even if that is killed.
func start(t *testing.T, name string, cmd *exec.Cmd) *peer {
	t.Helper()
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p := &peer{t: t, name: name, in: in, out: bufio.NewScanner(out)}
	t.Cleanup(func() {
		in.Close()
		for p.out.Scan() { // or it might never get rid of its last word
			continue
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return p
}

// tell sends a command. The answer must be read before the next one.
func (p *peer) tell(command string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, command+"\n"); err != nil {
		p.t.Errorf("%s cannot be told to %s: %v", p.name, command, err)
	}
}

func (p *peer) answer() string {
	p.t.Helper()
	if !p.out.Scan() {
		p.t.Errorf("%s has ended without an answer", p.name)
	}
	return p.out.Text()
}

// do has the peer carry out a command, which must have this outcome.
func (p *peer) do(command, want string) {
	p.t.Helper()
	p.tell(command)
	if got := p.answer(); got != want {
		p.t.Errorf("%s, told to %s, says %q, want %q", p.name, command, got, want)
	}
}
