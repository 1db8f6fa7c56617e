package alerting

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// File is the name of a Memory in the state directory.
const File = "alerting.json"

// Folder is the name of the history there.
const Folder = "tsdb"

// A Memory is what the engines have to know from one run to the next, beside the
// history: which alerts there were, and who was told of them. It is as large as the
// alerts are many.
type Memory struct {
	Rules   rules.State   `json:"rules"`
	Routing routing.State `json:"routing"`
}

// Load reads what the last run saved. One that is broken is set aside: the error
// is a *statefile.SetAsideError then, and alerts begin anew.
func Load(path string) (m Memory, err error) {
	err = statefile.Load(path, &m)
	return m, err
}

// Peek is Load that changes nothing.
func Peek(path string) (m Memory, err error) {
	err = statefile.Peek(path, &m)
	return m, err
}

// Save keeps it, without the white space of smaller files.
func (m Memory) Save(path string) error {
	return statefile.Write(path, func(w io.Writer) error {
		if err := json.NewEncoder(w).Encode(m); err != nil {
			return fmt.Errorf("alerts: %w", err)
		}
		return nil
	})
}
