package cleanup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestOneBrokenBranchCostsNoOther(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW", "PRAX", "SPAWN", "TRIGGER")
	for _, branch := range []string{"DRONE", "FLOW", "PRAX", "SPAWN", "TRIGGER"} {
		h.put(branch, inbox(sent("a", "new", 3*day), sent("b", "opened", 8*day)))
	}
	h.put("FLOW", `{"messages": [`)
	write(t, filepath.Join(h.box("PRAX"), aipass.ClosedMailDir), "no directory")
	must(t, os.Mkdir(filepath.Join(h.box("SPAWN"), aipass.InboxLock), 0o755))
	_, results := h.run()
	want := []struct {
		branch, err, remedy string
	}{
		{"DRONE", "", ""},
		{"FLOW", "ends in the middle", "repair the file by hand"},
		{"PRAX", "not a directory", "put the real directory in its place"},
		{"SPAWN", "not a regular file", "put the real file in its place"},
		{"TRIGGER", "", ""},
	}
	for i, w := range want {
		r := results[i]
		if r.Branch != w.branch || !strings.Contains(fmt.Sprint(r.Err), w.err) || !strings.Contains(r.Remedy, w.remedy) {
			t.Errorf("%s: got %v (%s), want %s: %s (%s)", r.Branch, r.Err, r.Remedy, w.branch, w.err, w.remedy)
		}
		if done := len(r.Opened) == 1 && len(r.Closed) == 1; done != (w.err == "") || done != (r.Err == nil) || done != (r.Remedy == "") {
			t.Errorf("%s: opened %v, closed %v", r.Branch, items(r.Opened), items(r.Closed))
		}
	}
}

func TestABranchWithoutMailIsNoFailure(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	must(t, os.RemoveAll(h.box("DRONE")))
	if _, results := h.run(); cmp.Diff([]Result{{Branch: "DRONE"}}, results) != "" {
		t.Errorf("got %+v", results)
	}
}

func TestAMailboxThatHasGoneSinceTheLookIsAFailure(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	look := h.look()
	must(t, os.RemoveAll(h.box("DRONE")))
	_, results := h.runOver(look)
	if r := results[0]; !errors.Is(r.Err, os.ErrNotExist) || !strings.Contains(r.Remedy, "set AI_Mail up") {
		t.Errorf("got %+v", r)
	}
}

// What the branch does between the look and the run counts.
func TestARunDecidesAgainUnderTheLock(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day), sent("b", "new", 3*day), sent("c", "opened", 8*day))
	look := h.look()
	h.put("DRONE", inbox(sent("a", "opened", 3*day), sent("b", "new", 3*day)))
	_, results := h.runOver(look)
	if r := results[0]; cmp.Diff([]string{"b"}, items(r.Opened)) != "" || len(r.Closed) > 0 {
		t.Errorf("opened %v, closed %v, want b opened", items(r.Opened), items(r.Closed))
	}
}

func TestBranchesThatARunHasNoTimeForSaySo(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	h.put("DRONE", inbox(sent("a", "new", 3*day)))
	look := h.look()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := h.cleanup
	c.Now, c.Journal = h.now, h.journal.Begin(h.now, h.root)
	results := c.Run(ctx, look)
	if r := results[0]; !errors.Is(r.Err, context.Canceled) || r.Remedy != "run it again; what was done is done" || h.document("DRONE") != inbox(sent("a", "new", 3*day)) {
		t.Errorf("got %+v", r)
	}
	if results[1].Err != nil {
		t.Errorf("there was nothing to do, and yet %v", results[1].Err)
	}
}

func TestARunOverNoBranchesEnds(t *testing.T) {
	t.Parallel()
	if _, results := newHost(t).run(); len(results) > 0 {
		t.Errorf("got %v", results)
	}
}

func TestWithoutAZoneItIsThatOfTheMachine(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 30*day))
	h.cleanup.Mailbox.Location = nil
	h.clean()
	want := noon.Local().Format("2006-01-02T15:04:05")
	if got := h.mail("DRONE", "a")["auto_opened_at"]; got != want {
		t.Errorf("opened at %v, want %s", got, want)
	}
}

// The look does not wait for whoever writes an inbox in place; a run does.
func TestAnInboxThatWasHalfWrittenWhenItWasLookedAtIsCleanedUp(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE")
	whole := inbox(sent("a", "new", 3*day))
	h.put("DRONE", whole[:len(whole)/2])
	look := h.look()
	h.put("DRONE", whole)
	if _, results := h.runOver(look); results[0].Err != nil || len(results[0].Opened) != 1 {
		t.Errorf("got %+v", results)
	}
}
