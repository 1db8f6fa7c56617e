package jsonfile_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// The offsets before and after a value are where it stands in the document,
// however it comes in and however far in it is.
func TestOffsetsAreWhereAValueBeginsAndEnds(t *testing.T) {
	t.Parallel()
	values := []string{`1.50e+3`, `"a \" \u00e9 é"`, `null`, `{"x": [1, {}]}`, `[]`, `-0`, `NaN`, `"` + strings.Repeat("é", bufferSize) + `"`, `true`}
	for name, comma := range map[string]string{"compact": ",", "spaced": " \n,\t\r ", "far apart": strings.Repeat(" ", bufferSize) + ",", "far apart again": "," + strings.Repeat("\n", bufferSize-1)} {
		text := "[ " + strings.Join(values, comma) + " ]"
		for _, d := range []*jsonfile.Decoder{
			jsonfile.NewDecoder(strings.NewReader(text)),
			jsonfile.NewDecoder(iotest.OneByteReader(strings.NewReader(text))),
		} {
			var got []string
			err := d.Array(func() error {
				if _, err := d.Next(); err != nil {
					return err
				}
				start := d.Offset()
				err := d.Skip()
				got = append(got, text[start:d.Offset()])
				return err
			})
			if err != nil || d.Offset() != int64(len(text)) {
				t.Errorf("%s: got %v at %d of %d", name, err, d.Offset(), len(text))
			}
			if diff := cmp.Diff(values, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		}
	}
}

func TestOffsetOfAMembersNameIsBehindItsColon(t *testing.T) {
	t.Parallel()
	const text = ` {"a" : 1 ,"b":2}`
	d := jsonfile.NewDecoder(strings.NewReader(text))
	var got []string
	err := d.Object(func(string) error {
		got = append(got, text[:d.Offset()])
		return nil
	})
	if diff := cmp.Diff([]string{` {"a" :`, ` {"a" : 1 ,"b":`}, got); diff != "" || err != nil {
		t.Errorf("%v; -want +got:\n%s", err, diff)
	}
}
