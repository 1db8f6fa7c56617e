package mailbox

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// goPeer says in the environment of a process that it is a peer: of which
// generation, at which mailbox, by what name and with which share of the mail.
const goPeer = "MAILBOX_TEST_GO_PEER"

// golang is this test's own program, run again.
func golang(t *testing.T, l aipass.Layout, dir, name string, share int) *peer {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestGoPeer$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s\n%s\n%s\n%d", goPeer, l, dir, name, share))
	return start(t, name, cmd)
}

// TestGoPeer is no test but what golang starts. It does what peer.py does when
// told to play, until its standard input ends; in four goroutines, for a change
// of a legacy mailbox takes its moment. A looker only looks.
func TestGoPeer(t *testing.T) {
	as := strings.Split(os.Getenv(goPeer), "\n")
	if len(as) != 4 {
		return
	}
	p := &player{dir: as[1], name: as[2], done: map[string]bool{}}
	o := Options{Observer: p, LockTimeout: time.Minute} // Python queues for the lock, so we are last
	if as[0] == aipass.Modern.String() {
		o.Layout = aipass.Modern
	}
	p.box = At(as[1], o)
	share, err := strconv.Atoi(as[3])
	must(t, err)
	p.share = uint32(share)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	if p.name == looker {
		all.Go(func() { p.look(ctx) })
	} else {
		for i := range 4 {
			all.Go(func() { p.play(ctx, i) })
		}
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // whatever ends it
	cancel()
	all.Wait()
}

// A player is what a Go peer does, and its box's Observer.
type player struct {
	nobody
	dir, name string
	share     uint32
	box       Mailbox
	mu        sync.Mutex
	done      map[string]bool
}

func (p *player) LostUpdate() { p.report("lost", "an update") }

func (p *player) report(what, subject string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done[what+" "+subject] = true
	fmt.Println(what, subject)
}

func (p *player) isDone(what, subject string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done[what+" "+subject]
}

func (p *player) play(ctx context.Context, goroutine int) {
	for n := 0; ctx.Err() == nil; n++ {
		switch rand.IntN(3) {
		case 0:
			p.update(deliverOnce(letter(fmt.Sprintf("%s %d %d", p.name, goroutine, n))))
		case 1:
			p.update(p.one("opened", openOne))
		case 2:
			p.update(p.one("closed", (*Doc).Archive))
		}
	}
}

// one is an edit of one letter of this player's share, that of all included.
func (p *player) one(what string, change func(*Doc, *Message) error) func(*Doc) error {
	var chosen *Message
	return func(d *Doc) error {
		for _, m := range d.Messages() {
			share := crc32.ChecksumIEEE([]byte(m.Subject)) % 6
			isOurs := share == p.share || share == 5
			if chosen == nil && isOurs && !p.isDone(what, m.Subject) && rand.IntN(5) == 0 {
				chosen = m
			}
		}
		if chosen == nil {
			return nil
		}
		if m := d.Find(chosen.Key()); m != nil {
			return change(d, m)
		}
		return nil // somebody else has closed it
	}
}

func openOne(d *Doc, m *Message) error {
	if m.Status != aipass.NewMail {
		return nil
	}
	return d.Open(m)
}

// update finishes what it has begun, over or not.
func (p *player) update(edit func(*Doc) error) {
	changes, err := p.box.Update(context.Background(), edit)
	if err != nil {
		p.report("failed", err.Error())
		return
	}
	for _, c := range changes {
		p.report(map[Kind]string{Delivered: "delivered", Changed: "opened", Archived: "closed"}[c.Kind], c.Message.Subject)
	}
}
