package mailbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What an archive into a new mailbox writes. The chown of whoever is not root
// is not among it.
var archiveOrder = []string{
	// the lock, complete before it has its name
	"create TEMP", "chmod TEMP", "write TEMP", "sync TEMP", "link TEMP .inbox.lock", "remove TEMP",
	// the archive, likewise
	"mkdir TEMP", "chmod TEMP", "rename TEMP deleted",
	// every message, which overwrites nothing
	"create deleted/TEMP", "chmod deleted/TEMP", "write deleted/TEMP", "sync deleted/TEMP",
	"link deleted/TEMP deleted/20260219_080004_RE_ path lookup_00000002.json", "remove deleted/TEMP",
	"create deleted/TEMP", "chmod deleted/TEMP", "write deleted/TEMP", "sync deleted/TEMP",
	"link deleted/TEMP deleted/20260219_080005_RE_ path lookup_00000003.json", "remove deleted/TEMP",
	"sync deleted", "sync .",
	// and only then the inbox
	"create TEMP", "chmod TEMP", "write TEMP", "sync TEMP", "rename TEMP inbox.json", "sync .",
}

func TestMailIsOnTheDiskBeforeItLeavesTheInbox(t *testing.T) {
	t.Parallel()
	steps, _ := write{inbox: fiveLetters, first: true, edit: archiveTwo}.calm(t, t.TempDir())
	var got []string
	for _, s := range steps {
		if s.writes() && s.op != "chown" {
			got = append(got, s.String())
		}
	}
	if diff := cmp.Diff(archiveOrder, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
