package mailbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

const noMail = `{
  "mailbox": "inbox",
  "total_messages": 0,
  "unread_count": 0,
  "messages": []
}`

// movesEnv says how often something shall be delivered, opened or closed, for
// those who want to know more about what is rare.
const (
	movesEnv = "MAILBOX_TEST_MOVES"
	moves    = 400
)

// Agents deliver, open and close at full speed, two of our programs as well,
// and one more does nothing but look.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	for _, l := range []aipass.Layout{aipass.Modern, aipass.Legacy} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			dir := put(t, noMail)
			g := &game{}
			turns := ""
			if l == aipass.Legacy {
				turns = filepath.Join(t.TempDir(), "turns")
			}
			// One of them never waits for the lock, or legacy would stand still
			// whenever we have it, and nothing would ever be undone.
			g.join(python(t, l, dir, turns, "sender"), "play 2 0 deliver view close")
			g.join(python(t, l, dir, turns, "reader"), "play 2 1 view view view close")
			g.join(python(t, l, dir, turns, "other"), "play 2 2 view view view close")
			g.join(golang(t, l, dir, "trigger", 3), "play")
			g.join(golang(t, l, dir, "receiver", 4), "play")
			g.join(golang(t, l, dir, looker, 0), "look")

			want := wantMoves(t)
			g.play(t, func() bool {
				// Where Python writes without the lock, this has proved nothing
				// unless that undid something of ours.
				return g.moves >= want && (l == aipass.Modern || len(g.said["lost"]) > 0)
			}, 2*time.Minute+time.Duration(want)*time.Second/10)

			g.check(t, dir)
			t.Logf("%d moves, %d lost updates, looks: %v", g.moves, g.said["lost"]["an update"], fmt.Sprint(g.said["looked"]))
		})
	}
}

func wantMoves(t *testing.T) int {
	t.Helper()
	text := os.Getenv(movesEnv)
	if text == "" {
		return moves
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}
