package doctor

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/internal/textfile"
)

// textfiles is about what lies in the textfile directory, read as node_exporter
// would.
func (p *patient) textfiles(context.Context) Step {
	if p.Textfiles == "" {
		return skip("--textfile.directory is not given")
	}
	if err := mayUse(p.Textfiles, writable|searchable); err != nil {
		return wrong("let AIPass's own user write there", "user %d cannot write textfiles: %v", os.Geteuid(), err)
	}
	for _, f := range textfile.Lint([]string{p.Textfiles}) {
		if f.Effect.LosesData() {
			return wrong("aipass-exporter lint "+p.Textfiles, "%v", f)
		}
	}
	var missing []string
	for _, name := range p.Files {
		if _, err := p.written(name); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return wrong("aipass-actions run --textfile.directory="+p.Textfiles+", or aipass-exporter collect", "%s has no %s", p.Textfiles, list(missing))
	}
	return fine("%s has %s", p.Textfiles, list(p.Files))
}

// written is when a textfile was, to the second.
func (p *patient) written(name string) (time.Time, error) {
	info, err := os.Stat(filepath.Join(p.Textfiles, name))
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime().Truncate(time.Second), nil
}
