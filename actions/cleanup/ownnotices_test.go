package cleanup

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOurOwnNoticeIsOpenedAndClosedSilently(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	_, first := h.clean()
	h.now = h.now.Add(48*hour + time.Second)
	_, second := h.clean()
	if diff := cmp.Diff([]string{first.Notice}, items(second.Opened)); diff != "" || second.Notice != "" {
		t.Errorf("opened %v and told of it in %q, want the notice and silence", items(second.Opened), second.Notice)
	}
	h.now = h.now.Add(5 * day)
	_, third := h.clean()
	if diff := cmp.Diff([]string{first.Notice, "a"}, items(third.Closed)); diff != "" {
		t.Errorf("closed: -want +got:\n%s", diff)
	}
}

func TestOurOwnNoticeIsNotQuotedAmongOthers(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	h.clean()
	h.put("DRONE", inbox(append(h.mails("DRONE"), sent("b", "new", 0))...))
	h.now = h.now.Add(3 * day)
	_, result := h.clean()
	if got := h.mail("DRONE", result.Notice)["subject"]; len(result.Opened) != 2 || got != "[SCHEDULED] Stale mail - 1 message opened" {
		t.Errorf("opened %v, told of as %q", items(result.Opened), got)
	}
}

// AIPass's programs write the whole inbox anew whenever they touch it.
func TestANoticeIsKnownAfterPythonHasRewrittenTheInbox(t *testing.T) {
	t.Parallel()
	h := with(t, sent("a", "new", 3*day))
	_, first := h.clean()
	before := h.mails("DRONE")
	pythonRewrites(t, h.file("DRONE"))
	if diff := cmp.Diff(before, h.mails("DRONE")); diff != "" {
		t.Fatalf("python made something else of it, -want +got:\n%s", diff)
	}
	h.now = h.now.Add(3 * day)
	_, second := h.clean()
	if diff := cmp.Diff([]string{first.Notice}, items(second.Opened)); diff != "" || second.Notice != "" {
		t.Errorf("opened %v, told of it in %q", items(second.Opened), second.Notice)
	}
}

func TestForeignMailThatLooksLikeANoticeIsToldOf(t *testing.T) {
	t.Parallel()
	for name, marker := range map[string]mail{
		"no marker":          nil,
		"marker of no kind":  {"aipass_actions": true},
		"marker of one word": {"aipass_actions": "stale mail notice"},
		"marker elsewhere":   {"metadata": mail{"aipass_actions": mail{}}},
	} {
		h := with(t, sent("a", "new", 3*day))
		_, first := h.clean()
		same := h.mail("DRONE", first.Notice).without("aipass_actions")
		maps.Copy(same, marker)
		h.put("DRONE", inbox(same))
		h.now = h.now.Add(3 * day)
		if _, second := h.clean(); second.Notice == "" {
			t.Errorf("%s: opened and not told of", name)
		}
	}
}

// Sixty days of a host that nobody looks after, a run each hour. If notices bred
// notices, or a run did again what another had done, it would show.
func TestSixtyDaysOfNeglect(t *testing.T) {
	t.Parallel()
	h := newHost(t, "DRONE", "FLOW")
	arrivals := arrivals(rand.New(rand.NewPCG(60, 24)))
	originals, n := 0, neglected{opened: map[string]int{}, closed: map[string]int{}, notices: map[string]bool{}}
	for range 60 * 24 {
		for len(arrivals) > 0 && !arrivals[0].at.After(h.now) {
			next := arrivals[0]
			h.put(next.to, inbox(append([]mail{next.mail}, h.mails(next.to)...)...))
			arrivals, originals = arrivals[1:], originals+1
		}
		_, results := h.run()
		n.note(t, results)
		h.now = h.now.Add(hour)
	}
	for _, branch := range []string{"DRONE", "FLOW"} {
		if left := h.ids(branch); len(left) > 0 {
			t.Errorf("%s still has %v", branch, left)
		}
		archived := slices.Collect(maps.Keys(h.archived(branch))) // none of them twice
		for _, id := range archived {
			if n.opened[id] != 1 || n.closed[id] != 1 {
				t.Errorf("%s was opened %d times and closed %d times", id, n.opened[id], n.closed[id])
			}
			delete(n.opened, id)
		}
	}
	if len(n.opened) > 0 || len(n.closed) != originals+len(n.notices) {
		t.Errorf("%v are not archived; %d were closed, want %d and %d notices", n.opened, len(n.closed), originals, len(n.notices))
	}
	if len(n.notices) == 0 || len(n.notices) > originals {
		t.Errorf("%d notices about %d messages", len(n.notices), originals)
	}
}

// neglected is what became of which mail.
type neglected struct {
	opened, closed map[string]int
	notices        map[string]bool
}

func (n neglected) note(t *testing.T, results []Result) {
	t.Helper()
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		foreign := 0
		for _, id := range items(r.Opened) {
			n.opened[id]++
			if !n.notices[id] {
				foreign++
			}
		}
		for _, id := range items(r.Closed) {
			n.closed[id]++
		}
		if told := r.Notice != ""; told != (foreign > 0) {
			t.Fatalf("%d messages opened, notice %q", foreign, r.Notice)
		}
		if r.Notice != "" {
			n.notices[r.Notice] = true
		}
	}
}

// An arrival is a message that comes some time.
type arrival struct {
	at   time.Time
	to   string
	mail mail
}

// arrivals are forty days of mail, some of it old when it comes.
func arrivals(random *rand.Rand) (list []arrival) {
	for i := range 40 {
		at := noon.Add(time.Duration(random.IntN(40*24*60)) * time.Minute)
		age := noon.Sub(at) + time.Duration(random.IntN(4))*3*day
		list = append(list, arrival{at, []string{"DRONE", "FLOW"}[i%2], sent(time.Duration(i).String(), "new", age)})
	}
	slices.SortFunc(list, func(a, b arrival) int { return a.at.Compare(b.at) })
	return list
}
