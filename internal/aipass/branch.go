package aipass

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// A Branch is an agent's place on the host, as found.
type Branch struct {
	Entry
	Layout Layout // of its mailbox, else of its memory, else of its registry
	Dir    string // where it stands on this machine

	Directory    Head
	Inbox        File[Inbox]
	Local        File[Memory]
	Observations File[Memory]
	Identity     Head
	Dashboard    File[Dashboard]
	Readme       Head
	Logs         File[Logs]

	// SystemLogs are the files in the host's system_logs that carry its name.
	SystemLogs Logs
	// Agent is .dispatch.lock; there mostly is none.
	Agent File[Agent]

	memoryLayout Layout
	id           fileID
	order        int // in the registry
}

// newBranch is a branch that has not been looked at.
func newBranch(p pending) Branch {
	return Branch{Entry: p.Entry, Layout: p.layout, order: p.order}
}

// MailboxDir is where the branch's mailbox is, or would be.
func (b *Branch) MailboxDir() string { return filepath.Join(b.Dir, mailboxDir(b.Layout)) }

// A MemoryFile is one of a branch's, which a Fill's File calls by its kind.
type MemoryFile struct {
	Kind string
	Path string // where it is, or would be
	*File[Memory]
}

// MemoryFiles lists a branch's, in a fixed order.
func (b *Branch) MemoryFiles() [2]MemoryFile {
	path := func(kind string, f *File[Memory]) string {
		return filepath.Join(b.Dir, memoryFile(f.Value.layout, b.Name, kind))
	}
	return [...]MemoryFile{
		{localKind, path(localKind, &b.Local), &b.Local},
		{observationsKind, path(observationsKind, &b.Observations), &b.Observations},
	}
}

// fileID tells directories apart whatever they are called.
type fileID struct{ dev, ino uint64 }

// A BranchFile is one of the files every branch should have, under its label.
type BranchFile struct {
	Name string
	Head Head
	// Needed: without it the branch cannot work; AIPass makes the others anew.
	Needed bool
	// Directory has no content of its own.
	Directory bool
}

// InboxLabel is the inbox's Name among a branch's files.
const InboxLabel = "inbox"

// Files lists a branch's files, in a fixed order.
func (b *Branch) Files() [8]BranchFile {
	return [...]BranchFile{
		{Name: "directory", Head: b.Directory, Needed: true, Directory: true},
		{Name: InboxLabel, Head: b.Inbox.Head, Needed: true},
		{Name: localKind, Head: b.Local.Head},
		{Name: observationsKind, Head: b.Observations.Head},
		{Name: "identity", Head: b.Identity},
		{Name: "dashboard", Head: b.Dashboard.Head},
		{Name: "readme", Head: b.Readme},
		{Name: "logs", Head: b.Logs.Head, Directory: true},
	}
}

// errNotReached is why a branch that nobody got to has no files.
var errNotReached = fmt.Errorf("not reached: %w", context.DeadlineExceeded)

// errNotAsked is why a look at the mail has nothing else.
var errNotAsked = errors.New("not looked at")

// unseen gives every file of the branch the same reason for not being seen.
func (b *Branch) unseen(why error) {
	for _, h := range [...]*Head{
		&b.Directory, &b.Inbox.Head, &b.Local.Head, &b.Observations.Head, &b.Identity,
		&b.Dashboard.Head, &b.Readme, &b.Logs.Head, &b.Agent.Head,
	} {
		h.Err = why
	}
}
