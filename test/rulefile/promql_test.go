package rulefile

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/promql/parser"
)

func mustParse(t *testing.T, text string) parser.Expr {
	t.Helper()
	e, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestExpressionsAreTakenApart(t *testing.T) {
	t.Parallel()
	items, err := Tokens("increase(a_total{x=\"1\"}[2h]) > 1e3 # much\n unless on (job) b offset 5m")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, item := range items {
		words = append(words, item.Val)
	}
	want := `increase ( a_total { x = "1" } [ 2h ] ) > 1e3 unless on ( job ) b offset 5m`
	if got := strings.Join(words, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := Tokens("a ? b"); err == nil {
		t.Error("a ? b is taken apart")
	}
}

func TestSelectorsKnowTheirFunctions(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range Selectors(mustParse(t, `sum(increase(a[2h])) + b / (time() - c) > clamp_min((d), 1)`)) {
		got = append(got, s.Function+":"+s.Name)
	}
	if want := []string{"increase:a", ":b", ":c", "clamp_min:d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatComparesAndWhatDoesNot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"a > 1": true, "a and b == c": true, "a > bool 1": false, "a + 1": false, "a unless b": false} {
		if got := Compares(mustParse(t, text)); got != want {
			t.Errorf("%s compares: %v", text, got)
		}
	}
}

// metrics are rooms' and doors', of which some are green.
func metrics(s *parser.VectorSelector) Labels {
	return map[string]Labels{
		"room":  {Has: map[string]bool{"house": true, "room": true, "colour": false}},
		"door":  {Has: map[string]bool{"house": true, "room": true, "door": true}},
		"house": {Has: map[string]bool{"house": true}},
	}[s.Name]
}

func TestLabelsOfResults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`room`:                  "colour? house room",
		`room{colour="green"}`:  "colour house room",
		`room{colour=~".*"}`:    "colour? house room",
		`room{colour!~"green"}`: "colour? house room",
		`-rate((door)[5m:1m])`:  "door house room",
		`time() - room > 5`:     "colour? house room",
		`vector(1)`:             "",
		`5`:                     "",
		`absent(room{colour="green", room=~"a|b"})`:            "colour",
		`sum by (room) (door)`:                                 "room",
		`sum without (room) (door)`:                            "door house",
		`topk by (room) (3, door)`:                             "door house room",
		`room and on (house) house`:                            "colour? house room",
		`door unless on (room) room`:                           "door house room",
		`door or house`:                                        "door? house room?",
		`room - on (house, room) room`:                         "house room",
		`room - ignoring (colour) room`:                        "house room",
		`door * on (house, room) group_left (colour) room > 1`: "colour? door house room",
		`house * on (house) group_right () door`:               "door house room",
	} {
		l, faults := Metrics(metrics).Result(mustParse(t, text))
		var got []string
		for _, label := range slices.Sorted(maps.Keys(l.Has)) {
			if !l.Has[label] {
				label += "?"
			}
			got = append(got, label)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" || len(faults) > 0 {
			t.Errorf("%s: -want +got:\n%s%q", text, diff, faults)
		}
	}
}

func TestOperandsThatNeverMatch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`door > house`:                            "only one side has door",
		`door and on (door) room`:                 "only one side has door",
		`door == ignoring (door) house`:           "only one side has room",
		`room{room="a"} unless room{room="b"}`:    `room is "a" on one side and "b" on the other`,
		`sum(room) > room{house="a"}`:             "only one side has house",
		`room and on (window) room`:               "matches by window, which is no label there",
		`room and ignoring (window) room`:         "matches by window, which is no label there",
		`sum by (window) (room) > 1`:              "groups by window, which is no label there",
		`label_join(room, "a", "b", "house") > 1`: "label_join is more than this analysis knows",
	} {
		_, faults := Metrics(metrics).Result(mustParse(t, text))
		if !strings.Contains(strings.Join(faults, "\n"), want) {
			t.Errorf("%s: got %q, want %s", text, faults, want)
		}
	}
	for _, text := range []string{
		`room{room="a"} unless ignoring (room) room{room="b"}`,
		`room{colour="green"} and room`,
		`room{room="a"} or room{room="b"}`,
		`door > on (house) group_left () house`,
	} {
		if _, faults := Metrics(metrics).Result(mustParse(t, text)); len(faults) > 0 {
			t.Errorf("%s: got %q", text, faults)
		}
	}
}
