package demoday

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A host is the demo host, whose files change.
type host struct {
	root string
	now  func() time.Time
}

// init always lives; no other process of the host's does.
const initPID = 1

func (h *host) open() (aipass.Tree, error) {
	return aipass.Open(h.root, aipass.Options{
		Location: time.UTC, Now: h.now, Alive: func(pid int) bool { return pid == initPID },
	})
}

func (h *host) path(name string) string { return filepath.Join(h.root, filepath.FromSlash(name)) }

func (h *host) stamp() string { return h.now().UTC().Format(time.DateTime) }

// write replaces a file now.
func (h *host) write(name string, data []byte) error {
	if err := os.WriteFile(h.path(name), data, 0o644); err != nil {
		return err
	}
	return os.Chtimes(h.path(name), h.now(), h.now())
}

// date gives what the programs have written, by the machine's clock, the time of
// the day.
func (h *host) date() error {
	return filepath.WalkDir(h.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil || !info.ModTime().After(h.now()) {
			return err
		}
		return os.Chtimes(path, h.now(), h.now())
	})
}

// edit changes a JSON document now.
func (h *host) edit(name string, change func(doc map[string]any)) error {
	data, err := os.ReadFile(h.path(name))
	if err != nil {
		return err
	}
	doc := map[string]any{}
	if err := json.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	change(doc)
	if data, err = json.MarshalIndent(doc, "", "  "); err != nil {
		return err
	}
	return h.write(name, data)
}

// lengthen adds empty lines to a legacy memory file, which are lines to AIPass.
func (h *host) lengthen(name string, lines int) error {
	data, err := os.ReadFile(h.path(name))
	if err != nil {
		return err
	}
	return h.write(name, append(data, bytes.Repeat([]byte("\n"), lines)...))
}

// rollOver takes them away again.
func (h *host) rollOver(name string) error {
	data, err := os.ReadFile(h.path(name))
	if err != nil {
		return err
	}
	return h.write(name, append(bytes.TrimRight(data, "\n"), '\n'))
}

// remember adds a session to a modern memory file.
func (h *host) remember(name string) error {
	return h.edit(name, func(doc map[string]any) {
		sessions := doc["sessions"].([]any)
		doc["sessions"] = append([]any{sessions[0]}, sessions...)
	})
}

// log adds messages to a log, as Python writes them for AIPass.
func (h *host) log(name, level string, messages int) error {
	data, err := os.ReadFile(h.path(name))
	if err != nil {
		return err
	}
	for i := range messages {
		data = fmt.Appendf(data, "%s - captured_day - %s - %d of %d things to say at this hour\n", h.stamp(), level, i+1, messages)
	}
	return h.write(name, data)
}

// rotate moves a log aside.
func (h *host) rotate(name string) error {
	if err := os.Rename(h.path(name), h.path(name)+".1"); err != nil {
		return err
	}
	return h.write(name, nil)
}
