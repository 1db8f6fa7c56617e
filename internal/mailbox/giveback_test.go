package mailbox

import (
	"errors"
	"syscall"
	"testing"
)

// What another program wrote to the file that we replaced is nowhere but with
// us. If our own change cannot be made to it, it is put in place without.
func TestWhatIsRescuedIsGivenBackWhenItCannotBeEdited(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	agent := openedInbox(t, dir)
	h := hooks{"before rename inbox.json": func() { agent.write(viewed) }}
	calls := 0
	l := letter("ours")
	changes, err := at(dir, h.in(Options{})).Update(t.Context(), func(d *Doc) error {
		d.BeforeWrite(func([]Change) error {
			if calls++; calls > 1 {
				return syscall.ENOSPC
			}
			return nil
		})
		return d.Deliver(l)
	})
	if !errors.Is(err, syscall.ENOSPC) || len(changes) > 0 {
		t.Errorf("got %v, %v", changes, err)
	}
	wantMail(t, dir, "[DAILY] café é, opened", lookup)
}

// If not even that can be done, what is in place is ours, and said so.
func TestWhatCannotBeGivenBackIsSaid(t *testing.T) {
	t.Parallel()
	dir := put(t, two)
	agent := openedInbox(t, dir)
	h := hooks{"before rename inbox.json": func() { agent.write(viewed) }}
	o := h.in(Options{})
	open := o.openFolder
	full := &fullAfterRename{}
	o.openFolder = func(path string) (folder, error) {
		dir, err := open(path)
		full.folder = dir
		return full, err
	}
	changes, err := at(dir, o).Update(t.Context(), deliverOnce(letter("ours")))
	if !errors.Is(err, syscall.ENOSPC) || len(changes) != 1 {
		t.Errorf("got %v, %v", changes, err)
	}
	wantMail(t, dir, "ours, new", "[DAILY] café é, new", lookup)
}

// fullAfterRename is a folder in which only one file can be replaced.
type fullAfterRename struct {
	folder
	renamed bool
}

func (f *fullAfterRename) rename(from, to string) error {
	if f.renamed {
		return syscall.ENOSPC
	}
	f.renamed = true
	return f.folder.rename(from, to)
}
