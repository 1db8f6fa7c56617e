package webhook

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// optionsWithoutPatience are for tests in which a lock is not given back.
var optionsWithoutPatience = mailbox.Options{LockTimeout: time.Millisecond}

// holdMailbox takes the lock of a mailbox, as another program would.
func holdMailbox(t *testing.T, dir string) (unlock func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, aipass.InboxLock))
	must(t, err)
	must(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	return func() { f.Close() }
}

// A buffer is for a log.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
