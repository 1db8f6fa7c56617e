package doctor

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aiosai/aipass-exporter/internal/crontab"
	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// textfiles is about what lies in the textfile directory, read as node_exporter
// would.
func (p *patient) textfiles(context.Context) Step {
	if p.Textfiles == "" {
		return skip("--textfile.directory is not given")
	}
	if info, err := os.Stat(p.Textfiles); err != nil || !info.IsDir() {
		return wrong("make it with mkdir -p "+Quote(p.Textfiles)+", for AIPass's own user, or name in --textfile.directory the one that node_exporter reads",
			"there is no directory %s", p.Textfiles)
	}
	if err := mayUse(p.Textfiles, writable|searchable); err != nil {
		return wrong("let AIPass's own user write there", "user %d cannot write textfiles: %v", os.Geteuid(), err)
	}
	for _, f := range textfile.Lint([]string{p.Textfiles}) {
		if f.Effect.LosesData() {
			return wrong("aipass-exporter lint "+Quote(p.Textfiles), "%v", f)
		}
	}
	var missing, old []string
	for _, name := range p.Files {
		at, err := p.written(name)
		if err != nil {
			missing = append(missing, name)
		} else if p.isOld(at) {
			old = append(old, name+" of "+shown(at))
		}
	}
	switch {
	case len(missing) > 0:
		return wrong(p.command(runJob), "%s has no %s", p.Textfiles, list(missing))
	case len(old) > 0:
		return wrong(p.remedyOfOld(), "%s has %s, and no run has written it since", p.Textfiles, list(old))
	}
	return fine("%s has %s", p.Textfiles, list(p.Files))
}

func (p *patient) remedyOfOld() string {
	return p.command(runJob) + ", and see below why no run writes it"
}

// Quote is a word for a shell, as far as it can be typed.
func Quote(word string) string {
	quoted, err := crontab.Quote(word)
	if err != nil {
		return strconv.Quote(word)
	}
	return quoted
}

// written is when a textfile was, to the second.
func (p *patient) written(name string) (time.Time, error) {
	info, err := os.Stat(filepath.Join(p.Textfiles, name))
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime().Truncate(time.Second), nil
}
