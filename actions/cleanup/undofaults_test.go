package cleanup

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestUndoOfOneBranchAloneIsNotAll(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	h.put("DRONE", inbox(sent("a", "new", 3*day)))
	h.put("FLOW", inbox(sent("b", "new", 3*day)))
	id, _ := h.run()
	h.register("DRONE")
	undone, err := h.undo(id, "")
	must(t, err)
	if len(undone) != 2 || undone[0].Err != nil || len(undone[0].Restored) != 1 {
		t.Errorf("DRONE: %+v", undone)
	}
	if flow := undone[1]; !errors.Is(flow.Err, errNoBranch) || !strings.Contains(flow.Remedy, "register the branch again") || flow.Branch != "FLOW" {
		t.Errorf("FLOW, which is gone from the registry: %+v", flow)
	}
	if history, err := h.journal.Read(id); err != nil || history.Undone() {
		t.Errorf("%v, and yet it is undone", err)
	}
}

func TestUndoOfWhatTheRunDidNotDo(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	after := h.document("DRONE")
	for _, message := range []string{"d", "nobody's"} {
		if got, err := h.undo(id, message); !errors.Is(err, ErrNoMessage) || !strings.Contains(err.Error(), message) || len(got) > 0 {
			t.Errorf("%s: got %v, %v", message, got, err)
		}
	}
	if _, err := h.journal.Read("20000101T000000Z-0000"); !errors.Is(err, ErrNoRun) {
		t.Errorf("got %v, want no such run", err)
	}
	if h.document("DRONE") != after {
		t.Error("and yet the inbox has changed")
	}
}

func TestAnUndoThatFailsSaysSoAndIsNotNoted(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, _ := h.clean()
	must(t, os.Remove(h.file("DRONE")))
	undone, err := h.undo(id, "")
	must(t, err)
	if got := undone[0]; !errors.Is(got.Err, os.ErrNotExist) || !strings.Contains(got.Remedy, "set AI_Mail up") || len(got.Restored) > 0 {
		t.Errorf("got %+v", got)
	}
	if history, err := h.journal.Read(id); err != nil || history.Undone() {
		t.Errorf("%v, and yet it is undone", err)
	}
}
