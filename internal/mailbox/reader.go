package mailbox

import (
	"bytes"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A reader walks JSON that is in memory and hands out what stands there, byte
// for byte.
type reader struct {
	data []byte
	*jsonfile.Decoder
}

func newReader(data []byte) reader {
	return reader{data, jsonfile.InMemory(data)}
}

// raw reads past the value that comes next and returns it as spelled.
func (r reader) raw() ([]byte, error) {
	if _, err := r.Next(); err != nil {
		return nil, err
	}
	start := r.Offset()
	if err := r.Skip(); err != nil {
		return nil, err
	}
	return r.data[start:r.Offset():r.Offset()], nil
}

// A member is one of an object: its name, decoded and as spelled, its value as
// spelled, and where the two begin.
type member struct {
	key             string
	name, value     []byte
	nameAt, valueAt int
}

// newMember is one of ours.
func newMember(key, value string) member {
	return member{key: key, name: []byte(`"` + key + `"`), value: []byte(value)}
}

// members reads the object that comes next.
func (r reader) members() ([]member, error) {
	var list []member
	end := r.Offset() // of what came before a name
	err := r.Object(func(key string) error {
		colon := r.Offset() - 1
		m := member{key: key, nameAt: int(end) + bytes.IndexByte(r.data[end:colon], '"')}
		m.name = bytes.TrimRight(r.data[m.nameAt:colon], " \t\r\n")
		_, err := r.Next()
		if err != nil {
			return err
		}
		m.valueAt = int(r.Offset())
		m.value, err = r.raw()
		end = r.Offset()
		list = append(list, m)
		return err
	})
	return list, err
}

func lastIndex(members []member, key string) int {
	for i, m := range slices.Backward(members) {
		if m.key == key {
			return i
		}
	}
	return -1
}

// messages reads the list that comes next, of objects and nothing else.
func (r reader) messages() ([][]byte, error) {
	var list [][]byte
	err := r.Array(func() error {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		if kind != jsonfile.Object {
			return malformed("message %d is not an object", len(list)+1)
		}
		raw, err := r.raw()
		list = append(list, raw)
		return err
	})
	return list, err
}

func parseMessages(value []byte) ([][]byte, error) {
	r := newReader(value)
	kind, err := r.Next()
	if err != nil {
		return nil, err
	}
	if kind != jsonfile.Array {
		return nil, malformed("its mail is not a list")
	}
	return r.messages()
}
