package main

import (
	"strings"
	"testing"
)

// Of a line of the log, what AIPass takes for an error of its own is written in
// lower case; the level, which it does not look at, stays.
func TestALogIsHarmless(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`level=ERROR msg="x" err="a - ERROR - b"`: `level=ERROR msg="x" err="a - error - b"`,
		`branch="ERROR ERROR  CRITICAL ERROR x"`:  `branch="ERROR error  critical error x"`,
		`err="[ERROR] [CRITICAL]" name=ERROR`:     `err="[error] [critical]" name=ERROR`,
		` ERROR CRITICAL ERROR `:                  ` error critical error `,
		`all is well`:                             `all is well`,
	} {
		var out strings.Builder
		n, err := harmlessLog{&out}.Write([]byte(line))
		if out.String() != want || n != len(line) || err != nil {
			t.Errorf("%s\nbecomes %s\nwant    %s (%d bytes, %v)", line, out.String(), want, n, err)
		}
	}
}
