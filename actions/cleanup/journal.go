package cleanup

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Journal is a directory with a file for each run that changed anything:
// JSON, a record a line, on the disk before the mail changes.
type Journal struct{ Dir string }

// A record is a line of a run's file: one of its parts.
type record struct {
	Run     *runRecord     `json:"run,omitempty"`
	Mailbox *mailboxRecord `json:"mailbox,omitempty"`
	Done    *doneRecord    `json:"done,omitempty"`
	Undone  *undoneRecord  `json:"undone,omitempty"`
}

// A runRecord comes first.
type runRecord struct {
	Version int       `json:"version"`
	Started time.Time `json:"started"`
	Home    string    `json:"home"`
}

// A mailboxRecord is what is about to be done to an inbox. Where there are
// several of a branch, somebody rewrote the inbox in between.
type mailboxRecord struct {
	Branch  string         `json:"branch"`
	Changes []changeRecord `json:"changes"`
	// Original is the whole inbox as it was, if the changes taken back would
	// not make it the same to the byte: it was not written as Python writes.
	Original string `json:"original,omitempty"`
	// Result is the SHA-256 of the inbox as it becomes.
	Result string `json:"result"`
}

// A changeRecord is what is about to be done to a message. Before and After are
// the message as it stands in the inbox, byte for byte.
type changeRecord struct {
	Kind      mailbox.Kind `json:"kind"`
	ID        string       `json:"id"`
	Timestamp string       `json:"timestamp"`
	Subject   string       `json:"subject"`
	Before    string       `json:"before,omitempty"`
	After     string       `json:"after,omitempty"`
	Archive   string       `json:"archive,omitempty"` // its file, relative to the mailbox
	Behind    int          `json:"behind"`            // messages behind it in the inbox
}

// A doneRecord says how the work on a branch ended.
type doneRecord struct {
	Branch string `json:"branch"`
	Err    string `json:"error,omitempty"`
	// Changed are the messages that something was done to, at last: not all
	// that was about to be done need have been.
	Changed []mailbox.Key `json:"changed"`
}

// An undoneRecord says what has been put back.
type undoneRecord struct {
	At      time.Time `json:"at"`
	Branch  string    `json:"branch"`
	Message string    `json:"message,omitempty"` // the only one, if it was one
}

const journalVersion = 1

// runTime is how a run's name begins.
const runTime = "20060102T150405Z"

// Begin names a run after its time. home is for people to see which host it was.
func (j Journal) Begin(started time.Time, home string) *Run {
	var random [2]byte
	rand.Read(random[:]) // never fails, by its contract
	id := started.UTC().Format(runTime) + "-" + hex.EncodeToString(random[:])
	return &Run{ID: id, path: j.path(id), started: runRecord{journalVersion, started, home}}
}

// errJournal: it cannot be written down what is done.
var errJournal = errors.New("journal")

// remedy says what a person can do about an error of a cleanup or an undo.
func remedy(err error) string {
	if errors.Is(err, errJournal) && errors.Is(err, fs.ErrNotExist) {
		return "the run has been pruned from the journal meanwhile, or --state.dir has gone"
	}
	if errors.Is(err, errJournal) && (errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTDIR)) {
		return "let this user write to the journal in --state.dir; without it no mail is changed"
	}
	return mailbox.Remedy(err)
}

const journalSuffix = ".jsonl"

func (j Journal) path(id string) string { return filepath.Join(j.Dir, id+journalSuffix) }

func appendTo(f *os.File, rec record) error {
	line, err := json.Marshal(rec)
	if err == nil {
		_, err = f.Write(append(line, '\n'))
	}
	if err == nil {
		err = f.Sync()
	}
	return err
}

// reopen opens a run's file to write behind its last whole record.
func (j Journal) reopen(id string) (*os.File, error) {
	f, err := os.OpenFile(j.path(id), os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	if err := dropHalf(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// dropHalf cuts off what follows the last whole record: nobody could read what
// is behind it.
func dropHalf(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	buf := make([]byte, 64<<10)
	for end := info.Size(); end > 0; {
		part := buf[:min(end, int64(len(buf)))]
		end -= int64(len(part))
		if _, err := f.ReadAt(part, end); err != nil {
			return err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return f.Truncate(end + int64(i) + 1)
		}
	}
	return f.Truncate(0)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Prune removes the files of runs that began before a time, and says how many.
func (j Journal) Prune(before time.Time) (removed int, err error) {
	entries, err := os.ReadDir(j.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("prune journal: %w", err)
	}
	for _, e := range entries {
		name, is := strings.CutSuffix(e.Name(), journalSuffix)
		began, _, _ := strings.Cut(name, "-")
		at, err := time.Parse(runTime, began)
		if !is || err != nil || !at.Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(j.Dir, e.Name())); err != nil {
			return removed, fmt.Errorf("prune journal: %w", err)
		}
		removed++
	}
	return removed, nil
}
