package cleanup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A History is a run as its journal tells it.
type History struct {
	ID       string
	Started  time.Time
	Home     string
	Branches []BranchHistory // in the order of their names
	// Cut says that the file ends in the middle of a record: the machine
	// stopped while it was being written, and what it was about was not done.
	Cut bool
}

// ErrNoRun is for a run that the journal does not have.
var ErrNoRun = errors.New("no such run in the journal")

// List reads all runs, newest first. A file that cannot be read costs no other;
// it is part of the error.
func (j Journal) List() ([]History, error) { return j.Since(time.Time{}) }

// Since is List of the runs that began at a time or later. Files of others are
// not opened: they hold whole inboxes.
func (j Journal) Since(first time.Time) ([]History, error) {
	entries, err := os.ReadDir(j.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	from := ""
	if !first.IsZero() {
		from = first.UTC().Format(runTime)
	}
	var runs []History
	var faults []error
	for _, e := range slices.Backward(entries) {
		id, is := strings.CutSuffix(e.Name(), journalSuffix)
		if !is || id < from {
			continue
		}
		h, err := j.Read(id)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		runs = append(runs, h)
	}
	// Names have the second only.
	slices.SortStableFunc(runs, func(a, b History) int { return b.Started.Compare(a.Started) })
	return runs, errors.Join(faults...)
}

// Read reads one run.
func (j Journal) Read(id string) (History, error) {
	h := History{ID: id}
	if id != filepath.Base(id) {
		return h, fmt.Errorf("%q: %w", id, ErrNoRun) // and be it a file somewhere else
	}
	f, err := os.Open(j.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return h, fmt.Errorf("%s: %w", id, ErrNoRun)
	}
	if err != nil {
		return h, fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			h.Cut = len(text) > 0
			return h, nil
		}
		if err == nil {
			err = h.read(bytes.TrimSpace(text))
		}
		if err != nil {
			return h, fmt.Errorf("journal %s, line %d: %w", f.Name(), line, err)
		}
	}
}

func (h *History) read(line []byte) error {
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return err
	}
	switch {
	case rec.Run == nil && h.Started.IsZero():
		return errors.New("no run begins here")
	case rec.Run != nil && rec.Run.Version != journalVersion:
		return fmt.Errorf("version %d, which this program does not know", rec.Run.Version)
	case rec.Run != nil:
		h.Started, h.Home = rec.Run.Started, rec.Run.Home
	case rec.Mailbox != nil:
		h.branch(rec.Mailbox.Branch).add(rec.Mailbox)
	case rec.Done != nil:
		h.branch(rec.Done.Branch).finish(rec.Done)
	case rec.Undone != nil:
		h.branch(rec.Undone.Branch).undo(rec.Undone.Message)
	}
	return nil
}

func (h *History) branch(name string) *BranchHistory {
	at, found := slices.BinarySearchFunc(h.Branches, name, func(b BranchHistory, name string) int {
		return strings.Compare(b.Branch, name)
	})
	if !found {
		h.Branches = slices.Insert(h.Branches, at, BranchHistory{Branch: name})
	}
	return &h.Branches[at]
}

func sum(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])
}

// Undone says whether all that the run did has been put back.
func (h *History) Undone() bool {
	return !slices.ContainsFunc(h.Branches, func(b BranchHistory) bool { return len(b.changes) > 0 && !b.Undone })
}

// Count is how many messages the run was about to open and to close.
func (h *History) Count() (opened, closed int) {
	for _, b := range h.Branches {
		opened += b.Opened
		closed += b.Closed
	}
	return opened, closed
}

// Fault says in a word or two what was wrong with the run, "" if nothing.
func (h *History) Fault() string {
	failed := slices.ContainsFunc(h.Branches, func(b BranchHistory) bool { return b.Err != "" })
	unfinished := slices.ContainsFunc(h.Branches, func(b BranchHistory) bool { return !b.Finished })
	switch {
	case h.Cut:
		return "cut off"
	case failed:
		return "failed"
	case unfinished:
		return "not finished"
	}
	return ""
}
