package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/actions/cleanup"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// stateDir is about what is kept between runs.
func (p *patient) stateDir(context.Context) Step {
	info, err := os.Stat(p.State)
	if errors.Is(err, fs.ErrNotExist) {
		return p.stateToCome()
	}
	if err == nil && !info.IsDir() {
		return wrong("move away what stands in its place, or name another with --state.dir", "%s is no directory", p.State)
	}
	if err == nil {
		err = mayUse(p.State, readable|writable|searchable)
	}
	if err != nil {
		return wrong("run as the user whose state it is, or name another with --state.dir", "user %d cannot use it: %v", os.Geteuid(), err)
	}
	files, size, err := p.inventory()
	if err != nil {
		return wrong("give all of it to the user who runs the jobs with chown -R", "%v", err)
	}
	if step, broken := p.broken(); broken {
		return step
	}
	return fine("%s: %d files, %s", p.State, files, kibibytes(size))
}

// stateToCome is for a host on which nothing has run.
func (p *patient) stateToCome() Step {
	parent := filepath.Dir(p.State)
	for {
		_, err := os.Stat(parent)
		if !errors.Is(err, fs.ErrNotExist) || parent == filepath.Dir(parent) {
			break
		}
		parent = filepath.Dir(parent)
	}
	if err := mayUse(parent, writable|searchable); err != nil {
		return wrong("name another directory with --state.dir", "it is not there, and user %d cannot make it: %v", os.Geteuid(), err)
	}
	return fine("%s: not there yet, the first run makes it", p.State)
}

// inventory goes through all files, locks too: each has to be its directory's
// owner's, or programs of another could not go on with it. What a run tidies up
// meanwhile is not missed.
func (p *patient) inventory() (files int, size int64, err error) {
	owner, err := ownerOf(p.State)
	if err != nil {
		return 0, 0, err
	}
	err = filepath.WalkDir(p.State, func(path string, d fs.DirEntry, err error) error {
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		if err == nil {
			err = p.mayGoOn(path, owner)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && info.Mode().IsRegular() {
			files, size = files+1, size+info.Size()
		}
		return err
	})
	return files, size, err
}

// mayGoOn says what keeps a run from going on with a file.
func (p *patient) mayGoOn(path string, owner uint32) error {
	other, err := ownerOf(path)
	if err != nil {
		return err
	}
	if other != owner {
		return fmt.Errorf("%s belongs to user %d, and %s to user %d", p.State, owner, path, other)
	}
	return mayUse(path, readable)
}

// broken says what in the state a run could not go on with.
func (p *patient) broken() (Step, bool) {
	names, _ := filepath.Glob(filepath.Join(p.State, "*.json")) // names of files, as they are written here
	for _, name := range names {
		var content json.RawMessage
		if err := statefile.Peek(name, &content); err != nil {
			return wrong("look at it; the next run sets it aside, and begins anew", "%s: %v", name, err), true
		}
	}
	state, err := p.state()
	if err != nil {
		return wrong("look at it; the next run sets it aside, and begins anew", "%v", err), true
	}
	if state.Home != "" && !sameFile(state.Home, p.Tree.Root()) {
		return wrong("name another directory for this host with --state.dir", "it is that of %s", state.Home), true
	}
	if _, err := (cleanup.Journal{Dir: filepath.Join(p.State, "journal")}).List(); err != nil {
		return wrong("move the file out of the journal: what it tells of cannot be undone", "%v", err), true
	}
	return Step{}, false
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func kibibytes(size int64) string { return fmt.Sprintf("%.1f KiB", float64(size)/(1<<10)) }
