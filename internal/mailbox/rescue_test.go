package mailbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// What an agent makes of the inbox two.
var (
	viewed      = strings.Replace(two, `"new"`, `"opened"`, 1)
	withoutOne  = two[:strings.Index(two, "    {")] + two[strings.LastIndex(two, "    {"):]
	withoutLast = two[:strings.LastIndex(two, ",\n    {")] + "\n  ]\n}"
	sameLength  = strings.Replace(two, "1.50e+3", "2.50e+3", 1)
)

func TestWhatIsWrittenBetweenReadingAndReplacingIsKept(t *testing.T) {
	for name, write := range map[string]func(t *testing.T, dir string){
		"in place": func(t *testing.T, dir string) { overwrite(t, dir, viewed) },
		"with a new file": func(t *testing.T, dir string) {
			must(t, os.Rename(filepath.Join(put(t, viewed), aipass.InboxFile), filepath.Join(dir, aipass.InboxFile)))
		},
		"twice over": func(t *testing.T, dir string) { overwrite(t, dir, noMail); overwrite(t, dir, viewed) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := put(t, two)
			l := letter("ours")
			calls := 0
			changes, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
				if calls++; calls == 1 {
					write(t, dir)
				}
				return d.Deliver(l)
			})
			must(t, err)
			wantMail(t, dir, "ours, new", "[DAILY] café é, opened", lookup)
			if len(changes) != 1 || calls != 2 {
				t.Errorf("got %d changes in %d calls, want 1 in 2", len(changes), calls)
			}
		})
	}
}

func TestAChangeIsNoticedThatLeavesTheSize(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
		if m := find(d, "3fa9c01e"); m.Status == aipass.NewMail && string(d.Original()) == two {
			overwrite(t, dir, sameLength)
			must(t, os.Chtimes(filepath.Join(dir, aipass.InboxFile), now, now))
		}
		return openFirst(d)
	})
	must(t, err)
	if !strings.Contains(inbox(t, dir), "2.50e+3") {
		t.Errorf("what the other wrote is gone:\n%s", inbox(t, dir))
	}
}

// Without the lock, another program like this one may be replacing the inbox
// while it is opened.
func TestAnInboxThatIsReplacedWhileItIsOpenedIsOpenedAgain(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	h := hooks{"after lstat inbox.json": func() {
		must(t, os.Rename(filepath.Join(put(t, viewed), aipass.InboxFile), filepath.Join(dir, aipass.InboxFile)))
	}}
	must(t, at(dir, h.in(Options{})).Deliver(t.Context(), letter("ours")))
	wantMail(t, dir, "ours, new", "[DAILY] café é, opened", lookup)
}

// An agent may have the old file open already when we replace it.
func TestWhatIsWrittenToTheReplacedFileIsRescued(t *testing.T) {
	for name, tt := range map[string]struct {
		wrote string
		want  []string
	}{
		"an opened letter": {viewed, []string{"ours, new", "[DAILY] café é, opened", lookup}},
		"a closed letter":  {withoutOne, []string{"ours, new", lookup}},
	} {
		for _, when := range []string{"before rename inbox.json", "after rename inbox.json", "after open ."} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				dir := put(t, two)
				agent := openedInbox(t, dir)
				var c counter
				h := hooks{}
				h["before rename inbox.json"] = func() {
					h[when] = func() { agent.write(tt.wrote) }
					h.fire("before rename inbox.json") // if it is that
				}
				m := at(dir, h.in(Options{Observer: &c}))
				changes, err := m.Update(t.Context(), deliverOnce(letter("ours")))
				must(t, err)
				wantMail(t, dir, tt.want...)
				if len(changes) != 1 || c.lost.Load() != 1 {
					t.Errorf("got %d changes and %d lost updates, want 1 and 1", len(changes), c.lost.Load())
				}
			})
		}
	}
}

// The rescue takes precedence over the end of the run: it is somebody else's
// work.
func TestWhoIsStillWritingTheReplacedFileIsWaitedFor(t *testing.T) {
	for name, ctx := range map[string]func(t *testing.T) context.Context{
		"as long as it takes": func(t *testing.T) context.Context { return t.Context() },
		"at the end of the run": func(t *testing.T) context.Context {
			ctx, cancel := context.WithTimeout(t.Context(), soon)
			t.Cleanup(cancel)
			return ctx
		},
	} {
		t.Run(name, func(t *testing.T) {
			atClock(t, func(t *testing.T) {
				dir := put(t, two)
				agent := openedInbox(t, dir)
				later(t, 305*time.Millisecond, func() { agent.write(viewed) })
				h := hooks{"before rename inbox.json": func() { agent.write("") }}
				must(t, at(dir, h.in(Options{})).Deliver(ctx(t), letter("ours")))
				wantMail(t, dir, "ours, new", "[DAILY] café é, opened", lookup)
			})
		})
	}
}

func TestWhoIsKilledWhileWritingTheReplacedFileChangesNothing(t *testing.T) {
	atClock(t, func(t *testing.T) {
		dir := put(t, two)
		agent := openedInbox(t, dir)
		h := hooks{"before rename inbox.json": func() { agent.write(two[:100]) }}
		must(t, at(dir, h.in(Options{})).Deliver(t.Context(), letter("ours")))
		wantMail(t, dir, "ours, new", daily, lookup)
	})
}

// A writer is a program that has opened the inbox for writing.
type writer struct {
	t *testing.T
	f *os.File
}

func openedInbox(t *testing.T, dir string) writer {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, aipass.InboxFile), os.O_WRONLY, 0)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return writer{t, f}
}

// write makes content all that the file holds, at this very moment.
func (w writer) write(content string) {
	w.t.Helper()
	_, err := w.f.WriteAt([]byte(content), 0)
	stamp := syscall.NsecToTimeval(time.Now().UnixNano())
	must(w.t, errors.Join(err, w.f.Truncate(int64(len(content))), syscall.Futimes(int(w.f.Fd()), []syscall.Timeval{stamp, stamp})))
}
