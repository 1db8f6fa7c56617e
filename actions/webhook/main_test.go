package webhook

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
)

// What the environment says to a receiver that is a program of its own.
const (
	hostOfAReceiver = "HOST_OF_A_RECEIVER"
	// muteReceiver never answers what it has written.
	muteReceiver = "MUTE_RECEIVER"
)

// With a host in the environment this is not a test at all but a receiver that
// a test starts, and kills.
func TestMain(m *testing.M) {
	if root := os.Getenv(hostOfAReceiver); root != "" {
		fmt.Println(receive(root))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

func receive(root string) error {
	h, err := newHandler(root, func(c *Config) {
		if os.Getenv(muteReceiver) != "" {
			c.Desk = mute{c.Desk}
		}
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, h)
}

// mute says so when something is written, and no more.
type mute struct{ ledger.Desk }

func (m mute) Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	_, err := m.Desk.Accept(ctx, n, to)
	fmt.Println("written", err)
	select {}
}

// A program is a receiver in a process of its own.
type program struct {
	cmd *exec.Cmd
	out *bufio.Scanner
	url string
}

func start(t *testing.T, root string, env ...string) *program {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), hostOfAReceiver+"="+root), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p := &program{cmd: cmd, out: bufio.NewScanner(out)}
	t.Cleanup(p.kill)
	if p.url = p.line(); !strings.HasPrefix(p.url, "http://") {
		t.Fatalf("the receiver said %q", p.url)
	}
	return p
}

func (p *program) line() string {
	p.out.Scan()
	return p.out.Text()
}

// kill is SIGKILL, by the process's own id.
func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // it was killed
	}
}
