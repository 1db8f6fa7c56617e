package demohost

import (
	"path"
	"strings"
	"time"
)

// A branch is one agent of the host. Its numbers are those of its memory
// files: physical lines in the legacy generation, entries in the modern one.
type branch struct {
	name     string // as the registry spells it
	path     string // below the root, with slashes
	about    string
	modern   bool
	absolute bool   // modern registries hold a few absolute paths among relative ones
	module   string // what its logs are named after
	logLines int

	local        int
	localLimit   int // the file's own limit, 0 for none
	observations int
	letters      []letter
}

// places are the files of a branch whose names differ by generation.
type places struct {
	mailbox, local, observations, identity string
}

func (b branch) places() places {
	if b.modern {
		return places{
			mailbox:      path.Join(b.path, ".ai_mail.local"),
			local:        path.Join(b.path, ".trinity", "local.json"),
			observations: path.Join(b.path, ".trinity", "observations.json"),
			identity:     path.Join(b.path, ".trinity", "passport.json"),
		}
	}
	stem := path.Join(b.path, strings.ToUpper(b.name))
	return places{
		mailbox:      path.Join(b.path, "ai_mail.local"),
		local:        stem + ".local.json",
		observations: stem + ".observations.json",
		identity:     stem + ".id.json",
	}
}

// address is where the branch gets its mail.
func (b branch) address() string {
	return "@" + strings.ToLower(b.name)
}

// systemLog is the branch's log in the folder that all branches share.
func (b branch) systemLog() string {
	return "system_logs/" + strings.ToLower(b.name) + "_" + b.module + ".log"
}

func (b branch) ownLog() string {
	return path.Join(b.path, "logs", b.module+".log")
}

// settle gives a branch everything that a healthy one has.
func (h host) settle(b branch) {
	p := b.places()
	inbox := h.newInbox(b)
	h.doc(p.mailbox+"/inbox.json", time.Hour, inbox)
	h.text(p.mailbox+"/.inbox.lock", time.Hour, "")
	h.doc(p.local, 5*time.Hour, h.localMemory(b))
	h.doc(p.observations, 2*day, h.observedMemory(b))
	h.doc(p.identity, 90*day, h.newIdentity(b))
	h.doc(b.path+"/DASHBOARD.local.json", 2*time.Hour, h.newDashboard(b, inbox))
	h.text(b.path+"/README.md", 3*day, readme(b))
	h.text(b.ownLog(), time.Hour, h.logText(b.module, chatter(b.logLines, time.Hour)))
	h.text(b.systemLog(), time.Hour, h.logText(b.module, chatter(b.logLines, time.Hour)))
}
