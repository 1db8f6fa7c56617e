package aipass

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A looker reads files for one goroutine, with buffers of its own.
type looker struct {
	ctx  context.Context
	tree Tree
	json *jsonfile.Decoder

	// What was read of the branch at hand, and is now.
	recollection *Recollection // nil if nothing is to be recalled
	old, new     notes
	read         fs.FileInfo // of the file that was read last
}

func newLooker(ctx context.Context, t Tree) *looker {
	return &looker{ctx: ctx, tree: t, json: jsonfile.NewDecoder(nil), recollection: t.recollection}
}

// load reads one document; what is broken has no value. lock is the file that
// its writers lock, or "".
func load[T any](l *looker, path, lock string, parse func(*jsonfile.Decoder) (T, error)) File[T] {
	f := loadRaw(l, path, lock, func(r io.Reader, value *T) (err error) {
		l.json.Reset(r)
		if *value, err = parse(l.json); err != nil {
			return err
		}
		return l.json.End()
	})
	if !f.OK() {
		f.Value = *new(T)
	}
	return f
}

func loadRaw[T any](l *looker, path, lock string, parse func(io.Reader, *T) error) File[T] {
	var f File[T]
	var err error
	l.read, err = jsonfile.Read(l.ctx, path, lock, func(r io.Reader) error { return parse(r, &f.Value) })
	f.fill(l.read, err)
	if f.State() == Unreadable {
		f.Value = *new(T) // of half a file, if of any
	}
	return f
}

// either reads the file of the registry's own generation or, if there is none,
// the other's: a host can be halfway between the two.
func either[T any](first Layout, read func(Layout) File[T]) (File[T], Layout) {
	f := read(first)
	if !absentFile(f.Err) {
		return f, first
	}
	if g := read(first.other()); !absentFile(g.Err) {
		return g, first.other()
	}
	return f, first
}

// absentFile: there is no file, and be it for lack of a directory to hold it.
func absentFile(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// branch looks at everything a branch has.
func (l *looker) branch(p pending, dirs *resolver) Branch {
	b := newBranch(p)
	if err := l.ctx.Err(); err != nil {
		b.unseen(fmt.Errorf("%s: %w", p.path, err))
		return b
	}
	dir, info, err := dirs.directory(p.path)
	b.Dir = dir
	if err != nil {
		b.unseen(err)
		return b
	}
	l.begin(dir)
	if l.tree.options.MailOnly {
		b.unseen(errNotAsked)
	} else {
		l.papers(&b, p.layout)
	}
	b.Directory.fill(info, nil)
	b.id = idOf(info)
	if l.tree.addressesOnly {
		b.Layout = mailboxLayout(b.Dir, p.layout)
	} else {
		l.mailbox(&b, p.layout)
	}
	return b
}

// papers looks at everything in a branch's directory but its mail.
func (l *looker) papers(b *Branch, first Layout) {
	l.memories(b, first)
	dashboard := filepath.Join(b.Dir, dashboardFile)
	b.Dashboard = recalled(l, formOfDashboard(l.tree.options.Location), dashboard, func() File[Dashboard] {
		return load(l, dashboard, "", func(d *jsonfile.Decoder) (Dashboard, error) {
			return parseDashboard(d, l.tree.options.Location)
		})
	})
	b.Readme = l.headOf(filepath.Join(b.Dir, readmeFile))
	b.Logs = readLogs(l.ctx, filepath.Join(b.Dir, branchLogs))
}

func idOf(info fs.FileInfo) fileID {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(st.Dev), st.Ino} //nolint:unconvert // darwin's Dev is an int32
	}
	return fileID{}
}

// memories reads local, observations and identity.
func (l *looker) memories(b *Branch, first Layout) {
	read := func(name string, what kind) (File[Memory], Layout) {
		f, layout := either(first, func(of Layout) File[Memory] {
			path := filepath.Join(b.Dir, memoryFile(of, b.Name, name))
			return recalled(l, formOfMemory(what), path, func() File[Memory] {
				return loadRaw(l, path, "", func(r io.Reader, m *Memory) error { return readMemory(r, l.json, m) })
			})
		})
		f.Value.layout = layout
		return f, layout
	}
	b.Local, b.memoryLayout = read(localKind, noteOfLocal)
	b.Observations, _ = read(observationsKind, noteOfObservations)
	identity, _ := either(first, func(of Layout) File[struct{}] {
		path := filepath.Join(b.Dir, memoryFile(of, b.Name, identityKind))
		return recalled(l, formOfHead(noteOfIdentity), path, func() File[struct{}] {
			return load(l, path, "", parseIdentity)
		})
	})
	b.Identity = identity.Head
}

// parseIdentity only makes sure that AIPass could read it.
func parseIdentity(d *jsonfile.Decoder) (struct{}, error) {
	if err := wantObject(d); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, d.Skip()
}

// mailbox reads the inbox and the agent's lock beside it.
func (l *looker) mailbox(b *Branch, first Layout) {
	b.Inbox, b.Layout = either(first, func(of Layout) File[Inbox] {
		dir := filepath.Join(b.Dir, mailboxDir(of))
		path := filepath.Join(dir, InboxFile)
		return recalled(l, formOfInbox(), path, func() File[Inbox] {
			return load(l, path, filepath.Join(dir, InboxLock), func(d *jsonfile.Decoder) (Inbox, error) {
				return parseInbox(d, l.tree.options.Location)
			})
		})
	})
	if b.Inbox.State() == Missing {
		b.Layout = b.memoryLayout
	}
	lock := filepath.Join(b.Dir, mailboxDir(b.Layout), dispatchLock)
	b.Agent = load(l, lock, "", func(d *jsonfile.Decoder) (Agent, error) {
		return parseAgent(d, l.tree.options.Location)
	})
	if b.Agent.OK() && b.Agent.Value.Started.IsZero() {
		b.Agent.Value.Started = b.Agent.ModTime()
	}
	if b.Agent.State() == Missing {
		b.Agent.Err = errNoAgent
	}
	b.Agent.Value.Running = b.Agent.OK() && l.tree.options.Alive(b.Agent.Value.pid)
}

// errNoAgent is the usual case; one error for all branches saves memory.
var errNoAgent = fmt.Errorf("no agent: %w", fs.ErrNotExist)

func headOf(path string) (Head, fs.FileInfo) {
	var h Head
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: jsonfile.ErrNotRegular}
	}
	if err != nil {
		h.Err = err
		return h, nil
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		f.Close()
	}
	h.fill(info, err)
	return h, info
}
