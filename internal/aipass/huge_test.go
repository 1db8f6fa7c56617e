package aipass

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const hundredMB = 100 << 20

// fill writes head, then body again and again until the file has 100 MB, then tail.
func fill(t *testing.T, path, head, body, tail string) (times int) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(head)
	for size := 0; size < hundredMB; size += len(body) {
		w.WriteString(body)
		times++
	}
	w.WriteString(tail)
	must(t, w.Flush())
	must(t, f.Close())
	must(t, os.Chtimes(path, written, written))
	return times
}

func hostWithHugeInbox(t *testing.T, head, body, tail string) (root string, times int) {
	t.Helper()
	root = lay(t, healthyAndHostile)
	times = fill(t, filepath.Join(root, hostileFiles["inbox"]), head, body, tail)
	return root, times
}

// allocated is how much memory f allocates in all, freed or not. The tests
// that ask are not parallel, so that nobody else allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const megabyte = 1 << 20

func TestHundredMegabytesOfOneMessageCostNoMemory(t *testing.T) {
	root, _ := hostWithHugeInbox(t, `[{"status": "new", "message": "`, strings.Repeat("0123456789abcdef", 4096), `"}]`)
	var s *Snapshot
	if got := allocated(func() { s = look(t, root) }); got > 2*megabyte {
		t.Errorf("allocated %d bytes, want less than 2 MB", got)
	}
	wantHealthy(t, s)
	if got := branch(t, s, "HOSTILE").Inbox; !got.OK() || got.Value.Count(NewMail) != 1 || got.Size < hundredMB {
		t.Errorf("got %v, %d new, %d bytes", got.State(), got.Value.Count(NewMail), got.Size)
	}
}

func TestHundredMegabytesOfGarbageCostNoMemory(t *testing.T) {
	for name, garbage := range map[string]struct{ head, body string }{
		"zeros": {"", "\x00\x00\x00\x00"}, "open brackets": {"", "[[[["}, "a text without end": {`"`, "abcd"},
	} {
		root, _ := hostWithHugeInbox(t, `[{"status": "new", "message": `+garbage.head, strings.Repeat(garbage.body, 16<<10), "")
		var s *Snapshot
		if got := allocated(func() { s = look(t, root) }); got > 2*megabyte {
			t.Errorf("%s: allocated %d bytes, want less than 2 MB", name, got)
		}
		wantHealthy(t, s)
		if got := branch(t, s, "HOSTILE").Inbox.State(); got != Malformed {
			t.Errorf("%s: got %v, want malformed", name, got)
		}
	}
}

func TestHundredMegabytesOfBrokenMemoryFileCostNoMemoryAndAreCounted(t *testing.T) {
	root := lay(t, healthyAndHostile)
	times := fill(t, filepath.Join(root, hostileFiles["local"]), "!\n", strings.Repeat("hello\nworld\r\n", 20_000), "!")
	var s *Snapshot
	if got := allocated(func() { s = look(t, root) }); got > 2*megabyte {
		t.Errorf("allocated %d bytes, want less than 2 MB", got)
	}
	wantHealthy(t, s)
	if got, want := branch(t, s, "HOSTILE").Local, 2+40_000*times; got.State() != Malformed || got.Value.Lines != want {
		t.Errorf("got %v, %d lines, want %d", got.State(), got.Value.Lines, want)
	}
}

// A look holds 16 bytes of each message and nothing else of a mailbox.
func TestHundredMegabytesOfMessagesAreHeldIn16BytesEach(t *testing.T) {
	message := `{"id": "3fa9c01e", "timestamp": "2026-02-19 08:00:03", "from": "@trigger", "subject": "[DAILY] Report", "message": "` +
		strings.Repeat("All good. ", 60) + `", "status": "new", "auto_execute": false},` + "\n"
	root, times := hostWithHugeInbox(t, "[", message, "{}]")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := look(t, root)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if want := int64(times)*16 + megabyte; held > want {
		t.Errorf("%d messages: %d bytes held, want at most %d", times, held, want)
	}
	wantHealthy(t, s)
	if got := branch(t, s, "HOSTILE").Inbox.Value.Count(NewMail); got != times+1 {
		t.Errorf("got %d new, want %d", got, times+1)
	}
}
