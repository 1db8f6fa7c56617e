package mailbox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A state is what is in a mailbox.
type state struct {
	inbox     string
	messages  map[string]map[string]any   // in the inbox, by id, as they will be archived
	archived  map[string][]map[string]any // in the archive, by id
	status    map[string]any              // in the inbox, by id
	temporary []string
	mode      fs.FileMode // the archive's
}

func (s state) inboxOnly(id string) []map[string]any {
	if m := s.messages[id]; m != nil {
		return []map[string]any{m}
	}
	return nil
}

// look reads a mailbox with another JSON reader. All that is there must be
// whole.
func look(t *testing.T, dir string) state {
	t.Helper()
	s := state{inbox(t, dir), map[string]map[string]any{}, map[string][]map[string]any{}, map[string]any{}, nil, 0}
	if _, err := parse([]byte(s.inbox)); err != nil {
		t.Errorf("inbox: %v", err)
	}
	var box struct {
		Messages []map[string]any `json:"messages"`
		Total    int              `json:"total_messages"`
	}
	if err := json.Unmarshal([]byte(s.inbox), &box); err != nil || box.Total != len(box.Messages) {
		t.Errorf("inbox: %d messages of %d, %v", len(box.Messages), box.Total, err)
	}
	for _, m := range box.Messages {
		id, _ := m["id"].(string)
		s.messages[id], s.status[id] = timeless(m), m["status"]
	}
	for _, archive := range []string{filepath.Join(dir, aipass.ClosedMailDir), dir + away + aipass.ClosedMailDir} {
		s.lookAtArchive(t, archive)
	}
	s.temporary = append(s.temporary, temporaries(t, dir)...)
	return s
}

// timeless is a message without what opening and closing does to it.
func timeless(m map[string]any) map[string]any {
	m = maps.Clone(m)
	for _, name := range []string{"status", "read", AutoOpenedMember, archivedAtMember} {
		delete(m, name)
	}
	return m
}

func (s *state) lookAtArchive(t *testing.T, dir string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, name := range files {
		data, err := os.ReadFile(name)
		must(t, err)
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil || m["status"] != "closed" {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
		id, _ := m["id"].(string)
		s.archived[id] = append(s.archived[id], timeless(m))
	}
	if info, err := os.Stat(dir); err == nil && !strings.Contains(dir, away) {
		s.mode = info.Mode()
		s.temporary = append(s.temporary, temporaries(t, dir)...)
	}
}

func temporaries(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) {
			names = append(names, filepath.Join(filepath.Base(dir), e.Name()))
		}
	}
	return names
}
