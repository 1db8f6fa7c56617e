package cleanup

import (
	"testing"
)

// What somebody had put back would else be gone again within the hour.
func TestWhatWasPutBackIsLeftAlone(t *testing.T) {
	t.Parallel()
	h, before := four(t)
	id, _ := h.clean()
	h.cleanup.LeftAlone = LeftAlone{"DRONE": h.putBack(id, "").Left}
	_, result := h.clean()
	if len(result.Opened)+len(result.Closed) > 0 || h.document("DRONE") != before {
		t.Errorf("got %+v and %s", result, h.document("DRONE"))
	}
}

func TestOtherMailIsNotLeftAlone(t *testing.T) {
	t.Parallel()
	h, _ := four(t)
	id, first := h.clean()
	h.cleanup.LeftAlone = LeftAlone{"DRONE": h.putBack(id, "b").Left}
	if len(h.cleanup.LeftAlone["DRONE"]) != 1 {
		t.Fatalf("got %v, want only what was put back", h.cleanup.LeftAlone)
	}
	h.putBack(id, "")
	_, result := h.clean()
	if got, want := len(result.Opened)+len(result.Closed), len(first.Opened)+len(first.Closed)-1; got != want {
		t.Errorf("%d messages were touched, want %d", got, want)
	}
}

// Once the branch has opened it, it is mail like any other.
func TestWhatTheBranchOpensIsNotLeftAloneForEver(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	id, _ := h.clean()
	h.cleanup.LeftAlone = LeftAlone{"DRONE": h.putBack(id, "").Left}
	h.put("DRONE", inbox(sent("a", "opened", 3*day)))
	h.now = h.now.Add(5 * day)
	if _, result := h.clean(); len(result.Closed) != 1 {
		t.Errorf("got %+v, want it closed", result)
	}
}

func TestOneBranchOfARunIsPutBackAlone(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	h.put("DRONE", inbox(sent("a", "new", 3*day)))
	h.put("FLOW", inbox(sent("b", "new", 3*day)))
	flow := h.document("FLOW")
	id, _ := h.run()
	after := h.document("DRONE")
	history, err := h.journal.Read(id)
	must(t, err)
	undone, err := Undo{Journal: h.journal, Run: history, Branch: "FLOW", Now: h.now, Mailbox: h.cleanup.Mailbox}.Carry(t.Context(), h.look())
	must(t, err)
	if len(undone) != 1 || h.document("FLOW") != flow || h.document("DRONE") != after {
		t.Errorf("got %+v, FLOW %s, DRONE %s", undone, h.document("FLOW"), h.document("DRONE"))
	}
}
