package mailbox

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Agents close several letters in a row: the first in the file that was
// replaced, the next in ours already, from which the first is not gone.
func TestWhatIsRescuedIsNotLostToTheNextOne(t *testing.T) {
	for name, tt := range map[string]struct {
		first func(t *testing.T, dir string, agent writer)
		want  []string
	}{
		"a closed letter": {func(t *testing.T, dir string, agent writer) {
			agent.write(withoutOne)
			putClosed(t, filepath.Join(dir, aipass.ClosedMailDir), newestOf(t, two))
		}, []string{"ours, opened", lookup}},
		"an opened letter": {func(_ *testing.T, _ string, agent writer) {
			agent.write(viewed)
		}, []string{"ours, opened", "[DAILY] café é, opened", lookup}},
	} {
		for _, when := range []string{"while it is rescued", "after it was rescued"} {
			t.Run(name+" "+when, func(t *testing.T) {
				atClock(t, func(t *testing.T) {
					dir := put(t, two)
					agent := openedInbox(t, dir)
					var mine string
					next := func() { overwrite(t, dir, mine) }
					h := hooks{}
					h["before rename inbox.json"] = func() {
						tt.first(t, dir, agent)
						h["after rename inbox.json"] = func() {
							mine = strings.Replace(inbox(t, dir), `"new"`, `"opened"`, 1) // of ours
							if when == "while it is rescued" {
								h["before lstat inbox.json"] = next
							} else {
								later(t, soon, next)
							}
						}
					}
					changes, err := legacyAt(dir, h.in(Options{})).Update(t.Context(), deliverOnce(letter("ours")))
					must(t, err)
					wantMail(t, dir, tt.want...)
					if len(changes) != 1 || changes[0].Kind != Delivered {
						t.Errorf("got changes %v, want one delivered", changes)
					}
				})
			})
		}
	}
}

// That program may have read an inbox older than ours, and write it to a file
// that nobody sees: what it brings back is not wanted.
func TestWhatIsRescuedUndoesNothing(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, viewed)
		putClosed(t, filepath.Join(dir, aipass.ClosedMailDir), []byte(`{"id": "00000001", "timestamp": "t", "subject": "closed"}`))
		agent := openedInbox(t, dir)
		old := strings.Replace(withoutLast, "\n    {", "\n    {\"id\": \"00000001\", \"timestamp\": \"t\", \"subject\": \"closed\", \"status\": \"new\"},\n    {", 1)
		h := hooks{}
		h["before rename inbox.json"] = func() {
			agent.write(old)
			h["after rename inbox.json"] = func() {
				mine := strings.NewReplacer(`"new"`, `"opened"`, `"unread_count": 1`, `"unread_count": 0`).Replace(inbox(t, dir))
				h["before lstat inbox.json"] = func() { overwrite(t, dir, mine) }
			}
		}
		must(t, legacyAt(dir, h.in(Options{})).Deliver(t.Context(), letter("ours")))
		wantMail(t, dir, "ours, opened", "[DAILY] café é, opened", lookup)
	})
}
