package cleanup

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// impatient ends the run as soon as it has a lock, of which only a second look
// takes notice.
type impatient struct{ cancel context.CancelFunc }

func (i impatient) LockWaited(time.Duration) { i.cancel() }
func (i impatient) TornRead()                {}
func (i impatient) LostUpdate()              {}

// Programs of the legacy generation do not all take the lock, so there every
// change is looked at again, and only there.
func TestEveryMailboxIsTreatedAsItsGenerationNeeds(t *testing.T) {
	t.Parallel()
	mail := inbox(sent("a", "new", 3*day))
	legacy, modern := newLegacyHost(t, mail), newHost(t, "DRONE")
	modern.put("DRONE", mail)
	for _, c := range []struct {
		host  *host
		other aipass.Layout
		want  error
	}{{legacy, aipass.Modern, context.Canceled}, {modern, aipass.Legacy, nil}} {
		c.host.cleanup.Mailbox.Layout = c.other // which must not count
		look := c.host.look()
		ctx, cancel := context.WithCancel(t.Context())
		run := c.host.cleanup
		run.Now, run.Journal = noon, c.host.journal.Begin(noon, "")
		run.Mailbox.Observer = impatient{cancel}
		result := run.Run(ctx, look)[0]
		must(t, run.Journal.Close())
		if !errors.Is(result.Err, c.want) || cmp.Diff([]string{"a"}, items(result.Opened)) != "" || result.Mail == nil {
			t.Errorf("cleanup of a mailbox unlike %s: %+v, want %v", c.other, result, c.want)
		}
		history, err := c.host.journal.Read(run.Journal.ID)
		must(t, err)
		ctx, cancel = context.WithCancel(t.Context())
		run.Mailbox.Observer = impatient{cancel}
		undone, err := Undo{Journal: c.host.journal, Run: history, Now: noon, Mailbox: run.Mailbox}.Carry(ctx, look)
		must(t, err)
		if got := undone[0]; !errors.Is(got.Err, c.want) || cmp.Diff([]string{"a"}, items(got.Restored)) != "" {
			t.Errorf("undo of a mailbox unlike %s: %+v, want %v", c.other, got, c.want)
		}
	}
}
