package doctor

import (
	"testing"
	"time"
)

// The second to which a server says the time, and how long its answer took, are
// not its clock's fault.
func TestHowFarAClockIsOff(t *testing.T) {
	t.Parallel()
	at := func(seconds float64) time.Time { return time.Unix(1_000_000, 0).Add(time.Duration(seconds * 1e9)) }
	for _, row := range []struct {
		before, said, after float64
		want                time.Duration
	}{
		{10.2, 10, 10.4, 0},
		{10.9, 11, 11.1, 0},
		{10.9, 10, 13.1, 0},
		{10.2, 13, 14.4, 0},
		{10.2, 9, 10.4, 200 * time.Millisecond},
		{10.2, 5, 10.4, 4200 * time.Millisecond},
		{10.2, 15, 10.4, 4600 * time.Millisecond},
	} {
		if got := (reading{at(row.before), at(row.said), at(row.after)}).off(); (got - row.want).Abs() > time.Microsecond {
			t.Errorf("%+v: %v", row, got)
		}
	}
}
