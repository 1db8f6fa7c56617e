package actions

import "testing"

// over is that a branch's memory is.
func over(branch, file string) Alert {
	return Alert{Name: "AIPassMemoryOverLimit", Branch: branch, Severity: SeverityWarning, Labels: map[string]string{"file": file}}
}

func TestAnIssueIsNewsOnceWhileItLasts(t *testing.T) {
	t.Parallel()
	var h HealthCheck
	local, observations, other := over("FLOW", "local"), over("FLOW", "observations"), over("DRONE", "local")
	for i, run := range []struct {
		issues []Alert
		news   bool
	}{
		{nil, false},
		{[]Alert{local}, true},
		{[]Alert{local}, false},
		{[]Alert{local, observations}, true}, // of the same branch
		{[]Alert{observations, local}, false},
		{[]Alert{observations, other}, true},
		{[]Alert{observations, local, other}, true}, // it was over
		{nil, false},
	} {
		news := h.News(run.issues)
		if news {
			h.Told(run.issues)
		}
		if news != run.news {
			t.Errorf("run %d: news %v", i, news)
		}
	}
	if len(h.Notified) != 0 {
		t.Errorf("not forgotten: %v", h.Notified)
	}
}

// Earlier versions did not tell files apart. An update is no news.
func TestWhatAnEarlierVersionToldOfIsNoNews(t *testing.T) {
	t.Parallel()
	h := HealthCheck{Notified: []string{"FLOW:AIPassMemoryOverLimit"}}
	if h.News([]Alert{over("FLOW", "local")}) {
		t.Error("what was told is news")
	}
	if !h.News([]Alert{over("FLOW", "local"), over("FLOW", "observations")}) {
		t.Error("what came after the update is none")
	}
}
