package doctor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// What AIPass calls a copy of sent mail, and when it wrote it, tell its zone apart
// from the one in which its times are read: to the east of it or to the west.
func TestWhetherTheZoneIsAIPasss(t *testing.T) {
	t.Parallel()
	const first, second = "20260219_100000_Plans.json", "20260219_110000_Done.json"
	ten, eleven := time.Date(2026, 2, 19, 10, 0, 0, 0, time.UTC), time.Date(2026, 2, 19, 11, 0, 1, 0, time.UTC)
	both := map[string]time.Time{first: ten, second: eleven}
	for name, row := range map[string]struct {
		sent map[string]time.Time
		zone string
		want Result
		says string
	}{
		"its own":                  {both, "UTC", OK, "read as UTC"},
		"one to the east":          {both, "Asia/Kathmandu", Fault, "AIPass's times are not of Asia/Kathmandu: by its name FLOW sent mail at 2026-02-19 11:00:00, and the file was written at 2026-02-19 16:45:01"},
		"one to the west":          {both, "America/New_York", Fault, "written at 2026-02-19 06:00:01"},
		"nobody has sent mail":     {nil, "Europe/Berlin", OK, "read as CET"},
		"one is no proof":          {map[string]time.Time{second: eleven}, "Europe/Berlin", OK, "read as CET"},
		"nor are two of a moment":  {map[string]time.Time{second: eleven, "20260219_110001_More.json": eleven.Add(time.Second)}, "Europe/Berlin", OK, "read as CET"},
		"copied without times":     {map[string]time.Time{first: eleven.Add(time.Hour), second: eleven.Add(time.Hour)}, "UTC", OK, "read as UTC"},
		"copied an hour later":     {map[string]time.Time{first: ten.Add(67 * time.Minute), second: eleven.Add(67 * time.Minute)}, "UTC", OK, "read as UTC"},
		"the newest was copied":    {map[string]time.Time{first: ten.Add(time.Hour), second: eleven.Add(67 * time.Minute)}, "UTC", OK, "read as UTC"},
		"the zone has changed":     {map[string]time.Time{first: ten, second: eleven.Add(-time.Hour)}, "Europe/Berlin", OK, "read as CET"},
		"long ago":                 {map[string]time.Time{"20260119_100000_Plans.json": ten.AddDate(0, -1, 0), "20260119_110000_Done.json": eleven.AddDate(0, -1, 0)}, "Europe/Berlin", OK, "read as CET"},
		"replies have other names": {map[string]time.Time{"0f00aa01.json": ten, "0f00aa02.json": eleven}, "Europe/Berlin", OK, "read as CET"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, sender(t, row.sent, row.zone).clock(t.Context()), row.want, row.says)
		})
	}
}

// An hour that comes twice, when clocks are put back, is no other zone.
func TestAnHourThatComesTwiceIsNoOtherZone(t *testing.T) {
	t.Parallel()
	for _, again := range []time.Duration{0, time.Hour} {
		half := time.Date(2025, 10, 26, 0, 30, 0, 0, time.UTC).Add(again) // 02:30 in Berlin, twice
		sent := map[string]time.Time{"20251026_023000_A.json": half, "20251026_024000_B.json": half.Add(10 * time.Minute)}
		p := sender(t, sent, "Europe/Berlin")
		p.Now = func() time.Time { return half.Add(time.Hour) }
		if apart, _ := zonesApart(p.sentCopies(), p.zone()); apart != 0 {
			t.Errorf("%v apart", apart)
		}
	}
}

// sender is a host on which a branch has sent mail, by the names of its copies.
func sender(t *testing.T, sent map[string]time.Time, zone string) *patient {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, at := range sent {
		dated(t, filepath.Join(dir, ".ai_mail.local", "sent", name), at)
	}
	branch := aipass.Branch{Entry: aipass.Entry{Name: "FLOW"}, Layout: aipass.Modern, Dir: dir}
	return &patient{
		look:   &aipass.Snapshot{Branches: []aipass.Branch{branch}},
		Doctor: &Doctor{Mailbox: mailbox.Options{Location: location}, Now: func() time.Time { return time.Date(2026, 2, 19, 12, 30, 0, 0, time.UTC) }},
	}
}
