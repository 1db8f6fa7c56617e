package alerts

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Both Alertmanagers of a pair come at once, and retry, each in a receiver of
// its own.
func TestAtTheSameMomentItIsOneMail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	n := notification(fires("a", 0), fires("b", 0))
	must(t, n.Check())
	outcomes := make(chan Outcome, 100)
	var all sync.WaitGroup
	for range 10 {
		desk := h.desk
		all.Go(func() {
			told, err := desk.Accept(t.Context(), n, ToBranch)
			if err != nil {
				t.Error(err)
			}
			for _, x := range told {
				outcomes <- x.Outcome
			}
		})
	}
	all.Wait()
	close(outcomes)
	count := map[Outcome]int{}
	for o := range outcomes {
		count[o]++
	}
	if count[Delivered] != 2 || count[Duplicate] != 18 {
		t.Errorf("%v", count)
	}
	h.has("new: a firing; b firing")
}

// Notifications of many alerts of one group, all at once: each is in the mail.
func TestAtTheSameMomentNoneIsLost(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	var all sync.WaitGroup
	for i := range 20 {
		desk := h.desk
		all.Go(func() {
			n := notification(fires(fmt.Sprintf("s%02d", i), 0))
			if _, err := desk.Accept(t.Context(), n, ToBranch); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in := h.inbox("drone"); len(in) != 1 || len(in[0].note(t).Alerts) != 20 {
		t.Errorf("%d messages, the first: %s", len(in), in[0].Message)
	}
}

// A client is a program of AIPass's legacy generation, which opens and closes
// mail without the lock, and in place.
func client(t *testing.T, box string) (do func(command, want string)) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs python3, in which AIPass is written; make test-deps installs it: %v", err)
	}
	cmd := exec.Command(path, "-I", "../../internal/mailbox/testdata/peer.py", "legacy", box, "", "drone")
	cmd.Env, cmd.Stderr = append(os.Environ(), "TZ=home5"), os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	answers := bufio.NewScanner(out)
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return func(command, want string) {
		t.Helper()
		if _, err := io.WriteString(in, command+"\n"); err != nil || !answers.Scan() || answers.Text() != want {
			t.Errorf("%s: %q, want %q", command, answers.Text(), want)
		}
	}
}

// Python rewrites the inbox, and the archive, in its own way; what a message
// stands for outlives that.
func TestAIPassOwnProgramsKeepWhatAMessageStandsFor(t *testing.T) {
	t.Parallel()
	h := newLegacyHost(t)
	drone := client(t, h.box("drone"))

	const one, two = "[SCHEDULED] Health Check - 1 Issue Found", "[SCHEDULED] Health Check - 2 Issues Found"
	h.says("delivered delivered", fires("a", 0), fires("b", 0))
	drone("view "+two, "opened "+two)
	h.says("duplicate duplicate delivered", fires("a", 0), fires("b", 0), fires("c", 0))
	h.has("new: c firing", "opened: a firing; b firing")
	h.after(minute).says("resolved", ends("a", 0, minute))
	drone("close "+two, "closed "+two)
	drone("view "+one, "opened "+one)
	h.has("opened: c firing", "closed: a resolved; b firing")
	closed, err := time.ParseInLocation("2006-01-02T15:04:05", h.closedMail("drone")[0].ArchivedAt, home)
	must(t, err)
	h.now = closed.Add(minute) // for the client's clock is the machine's
	h.says("duplicate updated", fires("b", 0), fires("c", 0))
	h.after(24*hour).says("delivered updated", fires("b", 0), fires("c", 0))
}
