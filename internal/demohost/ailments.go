package demohost

import (
	"path"
	"time"
)

// Processes of dispatch locks: init always lives, and no kernel gives out a
// number above its largest pid_max, 4194304.
const (
	livePID = 1
	deadPID = 4194305
)

// oldInbox is what AIPass's setup still writes, and migrates later.
type oldInbox struct {
	Inbox []message `json:"inbox"`
}

// dispatchLock says that an agent works in a branch.
type dispatchLock struct {
	PID       int    `json:"pid"`
	Timestamp string `json:"timestamp"`
	Branch    string `json:"branch"`
}

// truncate leaves half of a file, as a writer does that died in between.
func (h host) truncate(name string) {
	f := h.files[name]
	f.half = true
	h.files[name] = f
}

// lose removes a directory and all that is in it.
func (h host) lose(dir string) {
	for name := range h.files {
		if below(dir, name) {
			delete(h.files, name)
		}
	}
}

func (h host) growOld(name string, age time.Duration) {
	f := h.files[name]
	f.age = age
	h.files[name] = f
}

func (h host) lock(mailbox string, age time.Duration, pid int) {
	h.doc(mailbox+"/.dispatch.lock", age, dispatchLock{
		PID:       pid,
		Timestamp: h.iso(age),
		Branch:    h.onDisk(path.Dir(mailbox)),
	})
}

func (h host) inbox(name string) *inbox { return h.files[name].doc.(*inbox) }

func (h host) dashboard(name string) *dashboard { return h.files[name].doc.(*dashboard) }
