package clitest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommandLinesAreFoundInCodeOnly(t *testing.T) {
	t.Parallel()
	page := "Once an hour, prog run does it. So does `prog run --fast`, and `prog stop` ends it.\n" +
		"\n" +
		"    prog run            # a comment\n" +
		"    0 * * * *  /usr/bin/prog run --dir=DIR >>x.log 2>&1\n" +
		"    prog list 2>/dev/null | sort\n" +
		"    3  cmd/prog        cmd/other\n" +
		"```sh\n" +
		"progress now; prog run A B\n" +
		"```\n" +
		"prog run\n"
	want := []string{"run --fast", "stop", "run", "run --dir=DIR", "list", "run A B"}
	if diff := cmp.Diff(want, commandLines(page, "prog")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
