package webhook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// Mailboxes are those of a host, and who catches all.
type Mailboxes struct {
	Tree    aipass.Tree
	Mailbox mailbox.Options
	Roles   recipients.Roles

	mu     sync.Mutex
	looked time.Time
	last   error
}

const (
	// readyTime is how long a look may take.
	readyTime = 10 * time.Second
	// fresh is how long an answer is good for: anybody may ask.
	fresh = time.Second
	// named is how many mailboxes an answer names.
	named = 5
)

// Check says what keeps mail from being written, without writing any. A mailbox
// that is missing does not: what is for it goes to who catches all.
func (m *Mailboxes) Check(ctx context.Context) error {
	m.mu.Lock() // who comes meanwhile gets the same answer
	defer m.mu.Unlock()
	if m.looked.IsZero() || time.Since(m.looked) >= fresh {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTime)
		defer cancel()
		m.last = m.check(ctx)
		m.looked = time.Now()
	}
	return m.last
}

func (m *Mailboxes) check(ctx context.Context) error {
	s := m.Tree.Addresses().Snapshot(ctx)
	if !s.Registry.OK() {
		return errors.New("the registry cannot be read, see `aipass-exporter check`")
	}
	if err := m.someoneCatchesAll(s); err != nil {
		return err
	}
	var closed []string
	for i := range s.Branches {
		if ctx.Err() != nil {
			return errors.New("not all mailboxes could be looked at in time")
		}
		if b := &s.Branches[i]; b.Directory.OK() && !m.isOpen(b) {
			closed = append(closed, b.Name)
		}
	}
	if len(closed) > 0 {
		return fmt.Errorf("%d of %d mailboxes cannot be written to: %s", len(closed), len(s.Branches), list(closed))
	}
	return nil
}

func (m *Mailboxes) someoneCatchesAll(s *aipass.Snapshot) error {
	for _, role := range [...]string{recipients.DevCentral, recipients.Assistant} {
		if _, err := m.Roles.Find(s, role); err == nil {
			return nil
		}
	}
	return fmt.Errorf("nobody is registered as %s or %s, to catch what nobody else can get", recipients.DevCentral, recipients.Assistant)
}

func (m *Mailboxes) isOpen(b *aipass.Branch) bool {
	options := m.Mailbox
	options.Layout = b.Layout
	err := mailbox.At(b.MailboxDir(), options).Writable()
	return err == nil || errors.Is(err, fs.ErrNotExist)
}

func list(names []string) string {
	if len(names) > named {
		return strings.Join(names[:named], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}
