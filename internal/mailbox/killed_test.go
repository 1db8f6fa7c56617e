package mailbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Victims are programs that are killed one after the other while they write
// into one mailbox.
type victims struct {
	dir string
	// said is what has been done to the messages so far, by id: the kind of the
	// last change that was reported.
	said map[string]Kind
}

func newVictims(dir string) *victims { return &victims{dir, map[string]Kind{}} }

// listen takes in what a victim has printed.
func (v *victims) listen(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		words := strings.Fields(strings.TrimLeft(line, "."))
		switch {
		case len(words) == 0:
		case words[0] == "failed":
			t.Error(line)
		case len(words) == 2:
			v.said[words[1]] = Kind(words[0])
		}
	}
}

// check compares what was said with what is there. The victim may have been
// about one more thing.
func (v *victims) check(t *testing.T) {
	t.Helper()
	if !isFree(t, v.dir) {
		t.Error("somebody has the lock")
	}
	got := look(t, v.dir)
	more := 0
	for id, kind := range v.said {
		archived, in := len(got.archived[id]), got.messages[id] != nil
		switch {
		case archived > 1 || archived == 0 && !in:
			t.Errorf("%s was %s: it is %d times in the archive, in the inbox: %v", id, kind, archived, in)
		case kind == Archived && (in || archived == 0):
			t.Errorf("%s was archived, and is in the inbox", id)
		case archived == 1 && kind != Archived, kind == Delivered && got.status[id] == "opened":
			more++
		case kind == Changed && got.status[id] != "opened":
			t.Errorf("%s was opened, and is %s", id, got.status[id])
		}
	}
	for id := range got.messages {
		if v.said[id] == "" {
			more++
			v.said[id] = Delivered
		}
	}
	if more > 1 {
		t.Errorf("%d things were done and not reported", more)
	}
}

// goOn is the next program, and then AIPass's purge.
func (v *victims) goOn(t *testing.T) {
	t.Helper()
	_, err := at(v.dir, Options{}).Update(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			if err := d.Archive(m); err != nil {
				return err
			}
		}
		return d.Deliver(letter("and on"))
	})
	must(t, err)
	got := look(t, v.dir)
	for id := range v.said {
		if len(got.archived[id]) != 1 || got.messages[id] != nil {
			t.Errorf("%s is %d times in the archive, in the inbox: %v", id, len(got.archived[id]), got.messages[id] != nil)
		}
	}
	if len(got.temporary) > 0 {
		t.Errorf("there is still %q", got.temporary)
	}
	must(t, os.RemoveAll(filepath.Join(v.dir, aipass.ClosedMailDir)))
	clear(v.said)
	for id := range got.messages {
		v.said[id] = Delivered
	}
}
