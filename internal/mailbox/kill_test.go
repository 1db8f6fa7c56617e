package mailbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// victimMailbox names the mailbox in the environment of a victim.
const victimMailbox = "MAILBOX_OF_A_VICTIM"

// victim delivers, opens and archives for as long as it lives. It prints a dot
// before every step, and what it has done when it is done.
func victim(dir string) {
	s := newSystem(newPlatter(dir))
	s.syncs = true
	s.before = func(step) { os.Stdout.WriteString(".") }
	m := at(dir, Options{openFolder: s.openFolder, Now: time.Now})
	for {
		l := letter("[DAILY] System Report")
		changes, err := m.Update(context.Background(), deliver(l))
		for _, edit := range []func(*Doc) error{openNewest, archiveOldest} {
			report(changes, err)
			changes, err = m.Update(context.Background(), edit)
		}
		report(changes, err)
		s.steps = nil
	}
}

func report(changes []Change, err error) {
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	for _, c := range changes {
		fmt.Println("\n"+string(c.Kind), c.Message.ID)
	}
}

func openNewest(d *Doc) error { return openNew(d.Messages()[0].ID)(d) }

// archiveOldest keeps three messages in the inbox.
func archiveOldest(d *Doc) error {
	list := d.Messages()
	if len(list) <= 3 {
		return nil
	}
	return d.Archive(list[len(list)-1])
}

// A program is killed, hundreds of times, at any moment. What it said that it
// had done is done, the rest is as it was or done as well, and the next program
// goes on as if nothing had been.
func TestKill(t *testing.T) {
	t.Parallel()
	for part := range 2 {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			var b *victims
			for n := range 120 {
				if n%10 == 0 {
					b = newVictims(put(t, `{"messages": []}`))
				}
				b.kill(t, n)
				b.check(t)
				b.goOn(t)
			}
		})
	}
}

// kill has a victim killed n steps and some time after its first.
func (v *victims) kill(t *testing.T, n int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimMailbox+"="+v.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	said := bufio.NewReader(out)
	var text strings.Builder
	for steps := 37 * n % 211; steps >= 0; {
		c, err := said.ReadByte()
		if err != nil {
			t.Errorf("the victim died by itself: %v", err)
			break
		}
		text.WriteByte(c)
		if c == '.' {
			steps--
		}
	}
	for end := time.Now().Add(time.Duration(61*n%251) * time.Microsecond); time.Now().Before(end); {
		runtime.Gosched() // a sleep would be far too long
	}
	must(t, cmd.Process.Kill())
	_, err = io.Copy(&text, said)
	must(t, err)
	_ = cmd.Wait() // it was killed
	v.listen(t, text.String())
}

// isFree says whether nobody has the lock.
func isFree(t *testing.T, dir string) bool {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, aipass.InboxLock))
	if os.IsNotExist(err) {
		return true
	}
	must(t, err)
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
