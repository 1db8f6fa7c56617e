package mailbox

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A platter knows what a power cut would spare of a mailbox: content that has
// been synced, and names whose directory has been, since. It outlives the
// programs, and takes note of what no program may do.
type platter struct {
	dir     string
	content map[string]bool     // files with content that a power cut would take
	names   map[string][]string // by directory, names that it would take
	wrongs  []string
	ticks   int
}

func newPlatter(dir string) *platter {
	return &platter{dir: dir, content: map[string]bool{}, names: map[string][]string{}}
}

// now is a clock that no two files get the same time of.
func (p *platter) now() time.Time {
	p.ticks++
	return now.Add(time.Duration(p.ticks) * time.Second)
}

func (p *platter) wrong(format string, args ...any) {
	p.wrongs = append(p.wrongs, fmt.Sprintf(format, args...))
}

// note takes note of a step that was done.
func (p *platter) note(s step) {
	switch s.op {
	case "create", "write", "chmod", "chown":
		p.changed(s)
	case "sync":
		delete(p.content, s.name)
		delete(p.names, s.name)
	case "mkdir":
		p.named(s.name)
	case "link", "rename":
		p.placed(s)
	case "remove":
		delete(p.content, s.name)
		if !s.isTemporary() {
			p.wrong("%s: that is not a temporary file", s)
		}
	}
}

func (p *platter) changed(s step) {
	if s.op == "create" || s.op == "write" || p.content[s.name] {
		p.content[s.name] = true
	}
	if !s.isTemporary() && s.name != aipass.ClosedMailDir {
		p.wrong("%s: in place, where others see it half done", s)
	}
}

// placed is for a file, or the archive's directory, that gets its name.
func (p *platter) placed(s step) {
	if !s.isTemporary() {
		p.wrong("%s: of something that is not ours alone", s)
	}
	if p.content[s.name] {
		p.wrong("%s: before its content is on the disk", s)
	}
	if s.op == "rename" {
		p.renamed(s)
	}
	p.named(s.onto)
}

func (p *platter) renamed(s step) {
	switch s.onto {
	case aipass.InboxFile:
		if names := p.names[aipass.ClosedMailDir]; len(names) > 0 {
			p.wrong("%s: before the names of archived mail, %q, are on the disk", s, names)
		}
		if slices.Contains(p.names["."], aipass.ClosedMailDir) {
			p.wrong("%s: before the archive itself is on the disk", s)
		}
	case aipass.InboxLock:
		p.wrong("%s: who waits for the old one would hold a lock that nobody sees", s)
	}
}

func (p *platter) named(name string) {
	dir := path.Dir(name)
	p.names[dir] = append(p.names[dir], path.Base(name))
}

// mayLose says whether a power cut would take a name in the mailbox.
func (p *platter) mayLose(name string) bool { return slices.Contains(p.names["."], name) }
