package dashboard

import (
	"testing"
	"time"
)

func TestFormatIsStableAndKeepsNumbersAndSigns(t *testing.T) {
	t.Parallel()
	const want = "{\n  \"a\": 1e-9,\n  \"b\": \"x > 1 & y < 2\"\n}\n"
	for _, given := range []string{`{"b":"x > 1 & y < 2","a":1e-9}`, want} {
		got, err := Format([]byte(given))
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	for _, broken := range []string{`{`, `{} {}`} {
		if _, err := Format([]byte(broken)); err == nil {
			t.Errorf("%s was formatted", broken)
		}
	}
}

func TestVariablesAreExpandedAsGrafanaDoes(t *testing.T) {
	t.Parallel()
	values := map[string]string{"branch": "DRONE", "branches": "all"}
	for _, c := range []struct{ expr, want string }{
		{`x{branch="$branch"}`, `x{branch="DRONE"}`},
		{`x{branch="${branch}"}`, `x{branch="DRONE"}`},
		{`x{branch="$branches"}`, `x{branch="all"}`},
		{`rate(x[$__rate_interval])`, `rate(x[3660s])`},
		{`x[$__interval]`, `x[3600s]`},
	} {
		if got := Expand(c.expr, values, time.Hour); got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
	if got := Expand("$__rate_interval", nil, time.Minute); got != "240s" {
		t.Errorf("a rate interval is four scrapes at least: got %s", got)
	}
}

func TestStepsAreAsFineAsThePanelIsWide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		panel Panel
		want  time.Duration
	}{
		{Panel{GridPos: GridPos{W: 24}}, time.Minute},
		{Panel{GridPos: GridPos{W: 8}}, 3 * time.Minute},
		{Panel{GridPos: GridPos{W: 8}, Interval: "1h"}, time.Hour},
	} {
		got, err := c.panel.Step(24 * time.Hour)
		if err != nil || got != c.want {
			t.Errorf("%+v: got %v, %v, want %v", c.panel.GridPos, got, err, c.want)
		}
	}
	if _, err := (&Panel{Interval: "soon"}).Step(time.Hour); err == nil {
		t.Error("an interval that is none was taken")
	}
}
