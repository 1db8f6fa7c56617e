package mailbox

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// A game is what peers do to a mailbox, all at once, and what they say about it:
// how often they did what to which subject.
type game struct {
	peers []*peer
	mu    sync.Mutex
	said  map[string]map[string]int
	moves int
}

func (g *game) join(p *peer, play string) {
	p.tell(play)
	g.peers = append(g.peers, p)
}

// play has the peers go on until it is enough, and then finish.
func (g *game) play(t *testing.T, enough func() bool, limit time.Duration) {
	t.Helper()
	g.said = map[string]map[string]int{}
	reached := make(chan struct{})
	reach := sync.OnceFunc(func() { close(reached) })
	var all sync.WaitGroup
	for _, p := range g.peers {
		all.Go(func() {
			for p.out.Scan() {
				if g.note(p.out.Text(), enough) {
					reach()
				}
			}
		})
	}
	select {
	case <-reached:
	case <-time.After(limit):
		t.Errorf("%v were not enough", limit)
	}
	for _, p := range g.peers {
		p.in.Close()
	}
	all.Wait()
}

func (g *game) note(answer string, enough func() bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	what, subject, _ := strings.Cut(answer, " ")
	if g.said[what] == nil {
		g.said[what] = map[string]int{}
	}
	g.said[what][subject]++
	if what == "delivered" || what == "opened" || what == "closed" {
		g.moves++
	}
	return enough()
}

// check checks the mailbox against what the peers have said.
func (g *game) check(t *testing.T, dir string) {
	t.Helper()
	for message, n := range g.said["failed"] {
		t.Errorf("%s (%d times)", message, n)
	}
	b := boxIn(t, dir)
	if err := b.check(); err != nil {
		t.Error(err)
	}
	in, archived := map[string]string{}, map[string]bool{}
	for _, m := range b.Messages {
		in[m.Subject] = m.Status
	}
	for _, m := range closedIn(t, dir) {
		archived[m.Subject] = true
	}
	for subject, n := range g.said["delivered"] {
		if n != 1 {
			t.Errorf("%s was delivered %d times", subject, n)
		}
		if wrong := g.fault(subject, in[subject], archived[subject]); wrong != "" {
			t.Errorf("%s %s", subject, wrong)
		}
	}
}

// fault says what is wrong with a letter that was delivered, and has that
// status in the inbox, "" if it is not there.
func (g *game) fault(subject, status string, archived bool) string {
	opened, closed := g.said["opened"][subject] > 0, g.said["closed"][subject] > 0
	switch {
	case status == "" && !archived:
		return "is lost"
	case status != "" && archived:
		return "is in the inbox and in the archive"
	case closed && !archived:
		return "was closed and is in the inbox"
	case opened && status == "new":
		return "was opened and is new"
	}
	return ""
}
