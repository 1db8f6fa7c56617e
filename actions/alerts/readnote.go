package alerts

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// What a message says that it stands for may have been written by anybody.

// maxMarker is how large a marker may be, in bytes: of a hundred thousand
// alerts.
const maxMarker = 32 << 20

// maxEpisode is more than there will be of any alert.
const maxEpisode = 1_000_000

// readNote is what a message from one of these addresses stands for; ok is false
// if it is not about alerts, or somebody has made that unreadable. The marker
// alone would not do: who writes mail by hand, with ours as the model, takes it
// along.
func readNote(m *mailbox.Message, from []string) (n note, ok bool) {
	if m.AutoExecute || !slices.Contains(from, m.From) || !strings.HasPrefix(m.Subject, subject) {
		return note{}, false
	}
	data := m.Marker()
	if data == nil || len(data) > maxMarker || json.Unmarshal(data, &n) != nil || n.Kind != kind {
		return note{}, false
	}
	return n, len(n.Alerts) > 0
}

// records are those of a message, of an alert one.
type records []record

// UnmarshalJSON leaves out what is no record while it reads, for there may be
// millions.
func (list *records) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	at := map[string]int{}
	var r record
	for d.More() {
		r = record{}
		if err := d.Decode(&r); err != nil {
			return err
		}
		i, known := at[r.Fingerprint]
		switch {
		case !r.isOne():
		case !known:
			at[r.Fingerprint] = len(*list)
			*list = append(*list, r)
		case r.isAfter(&(*list)[i]):
			(*list)[i] = r
		}
	}
	return nil
}

// isOne says whether it is a record such as this package writes.
func (r *record) isOne() bool {
	known := r.Status == firing || r.Status == resolved
	return known && wellFormed.MatchString(r.Fingerprint) && r.Episode > 0 && r.Episode <= maxEpisode
}
