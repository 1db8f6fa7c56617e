package aipass

import (
	"testing"
	"time"
	_ "time/tzdata" // so that the machine need not have it
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func berlin(t testing.TB) *time.Location { return zone(t, "Europe/Berlin") }

// The formats of section 9.3 of AIPass's formats; without a zone they are in Berlin.
func TestEveryTimestampOfAIPassIsRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"mail":                        {"2026-02-19 08:00:03", "2026-02-19T07:00:03Z"},
		"mail in summer":              {"2026-07-19 08:00:03", "2026-07-19T06:00:03Z"},
		"T, fraction":                 {"2026-02-19T08:00:03.123456", "2026-02-19T07:00:03.123456Z"},
		"no seconds":                  {"2026-02-19 08:00", "2026-02-19T07:00:00Z"},
		"offset in hours":             {"2026-02-19T08:00:03+01", "2026-02-19T07:00:03Z"},
		"T, no fraction":              {"2026-02-19T08:00:03", "2026-02-19T07:00:03Z"},
		"comma fraction, log":         {"2026-03-06 19:26:01,123", "2026-03-06T18:26:01.123Z"},
		"comma fraction, T":           {"2026-03-06T19:26:01,123", "2026-03-06T18:26:01.123Z"},
		"flow, offset":                {"2026-02-19T08:00:03.123456+00:00", "2026-02-19T08:00:03.123456Z"},
		"offset behind a blank":       {"2026-02-19 08:00:03 +02:00", "2026-02-19T06:00:03Z"},
		"offset after a blank date":   {"2026-02-19 08:00:03-05:00", "2026-02-19T13:00:03Z"},
		"offset without a colon":      {"2026-02-19T08:00:03+0530", "2026-02-19T02:30:03Z"},
		"Z":                           {"2026-02-19T08:00:03Z", "2026-02-19T08:00:03Z"},
		"Z, fraction":                 {"2026-02-19T08:00:03.5Z", "2026-02-19T08:00:03.5Z"},
		"Z, comma fraction":           {"2026-02-19T08:00:03,5Z", "2026-02-19T08:00:03.5Z"},
		"Z after a blank date":        {"2026-02-19 08:00:03Z", "2026-02-19T08:00:03Z"},
		"UTC spelled out":             {"2026-02-19 08:00:03 UTC", "2026-02-19T08:00:03Z"},
		"white space around it":       {" 2026-02-19 08:00:03\n", "2026-02-19T07:00:03Z"},
		"nanoseconds":                 {"2026-02-19T08:00:03.123456789", "2026-02-19T07:00:03.123456789Z"},
		"a leap day":                  {"2028-02-29 12:00:00", "2028-02-29T11:00:00Z"},
		"a year before all computers": {"0001-01-02 00:00:00", "0001-01-01T23:06:32Z"}, // local mean time
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := ParseTime(tt.text, berlin(t))
			if !ok || got.UTC().Format(time.RFC3339Nano) != tt.want {
				t.Errorf("%q: got %s, %t, want %s", tt.text, got.UTC().Format(time.RFC3339Nano), ok, tt.want)
			}
		})
	}
}

func TestWhatIsNoTimestampHasNoTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "yesterday", "2026-02-19", "08:00:03", "2026-02-19 08", "2026-02-30 08:00:03", "2026-13-01 08:00:03",
		"2026-02-19 24:00:00", "2026-02-19 08:00:60", "2026-02-19_08:00:03", "2026-02-19T08:00:03 CET", "2026-02-19 08:00:03 EST",
		"2026-02-19T08:00:03+99:99", "2026-02-19T08:00:03.", "2026-02-19T08:00:03 tomorrow", "19.02.2026 08:00:03",
		"20260219T080003.000Z", "2026-02-19  08:00:03", "1771488003.000000000", "２０２６-02-19 08:00:03",
	} {
		if got, ok := ParseTime(text, time.UTC); ok {
			t.Errorf("%q: got %v, want no time", text, got)
		}
	}
}

// A time that occurs twice is the later of the two, so that a mail may look
// younger than it is, never older; one that does not occur is read as if the
// clocks had not been put forward.
func TestDaylightSavingBothWays(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, zone, text, want string }{
		{"Berlin, before the gap", "Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
		{"Berlin, the gap begins", "Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z"},
		{"Berlin, in the gap", "Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"},
		{"Berlin, after the gap", "Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
		{"Berlin, the evening after", "Europe/Berlin", "2026-03-29 20:00:00", "2026-03-29T18:00:00Z"},
		{"Berlin, before the hour that occurs twice", "Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z"},
		{"Berlin, that hour begins", "Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T01:00:00Z"},
		{"Berlin, in that hour", "Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T01:30:00Z"},
		{"Berlin, that hour ends", "Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25T01:59:59Z"},
		{"Berlin, after it", "Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"},
		{"New York, before the gap", "America/New_York", "2026-03-08 01:59:59", "2026-03-08T06:59:59Z"},
		{"New York, in the gap", "America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z"},
		{"New York, after the gap", "America/New_York", "2026-03-08 03:00:00", "2026-03-08T07:00:00Z"},
		{"New York, before the hour that occurs twice", "America/New_York", "2026-11-01 00:59:59", "2026-11-01T04:59:59Z"},
		{"New York, in that hour", "America/New_York", "2026-11-01 01:30:00", "2026-11-01T06:30:00Z"},
		{"New York, after it", "America/New_York", "2026-11-01 02:00:00", "2026-11-01T07:00:00Z"},
		{"New York, a zone says which", "America/New_York", "2026-11-01 01:30:00-04:00", "2026-11-01T05:30:00Z"},
		{"Lord Howe, half an hour twice", "Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T15:15:00Z"},
		{"Kiritimati, fourteen hours ahead", "Pacific/Kiritimati", "2026-02-19 08:00:03", "2026-02-18T18:00:03Z"},
		{"UTC knows no such thing", "UTC", "2026-03-29 02:30:00", "2026-03-29T02:30:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := ParseTime(tt.text, zone(t, tt.zone))
			if !ok || got.UTC().Format(time.RFC3339) != tt.want {
				t.Errorf("%s: got %s, %t, want %s", tt.text, got.UTC().Format(time.RFC3339), ok, tt.want)
			}
		})
	}
}
