package aipass

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func dashboardOf(text string, loc *time.Location) (Dashboard, error) {
	return parsed(text, func(d *jsonfile.Decoder) (Dashboard, error) { return parseDashboard(d, loc) })
}

// In Berlin; the file was last written on the 20th at 13:00 there.
func TestDashboardIsAsOldAsItSaysOrElseAsItsFile(t *testing.T) {
	t.Parallel()
	const modified = "2026-02-20T13:00:00+01:00"
	tests := map[string]struct{ text, want string }{
		"modern":                          {`{"last_updated": "2026-02-19T08:00:03.500000"}`, "2026-02-19T08:00:03+01:00"},
		"flow, UTC":                       {`{"last_updated": "2026-02-19T08:00:03+00:00"}`, "2026-02-19T09:00:03+01:00"},
		"trigger":                         {`{"last_refreshed": "2026-02-19 08:00:03"}`, "2026-02-19T08:00:03+01:00"},
		"both, last_updated counts":       {`{"last_refreshed": "2026-02-18 08:00:03", "last_updated": "2026-02-19 08:00:03"}`, "2026-02-19T08:00:03+01:00"},
		"last_updated of no use":          {`{"last_updated": "", "last_refreshed": "2026-02-19 08:00:03"}`, "2026-02-19T08:00:03+01:00"},
		"twice, last wins":                {`{"last_updated": "2026-02-18 08:00:03", "last_updated": "2026-02-19 08:00:03"}`, "2026-02-19T08:00:03+01:00"},
		"a day, the file's own":           {`{"last_updated": "2026-02-20"}`, modified},
		"a day before the file":           {`{"last_updated": "2026-02-19"}`, "2026-02-19T23:59:59+01:00"},
		"a day after the file":            {`{"last_updated": "2026-02-21"}`, "2026-02-21T23:59:59+01:00"},
		"the day the clocks go forward":   {`{"last_updated": "2026-03-29"}`, "2026-03-29T23:59:59+02:00"},
		"the day the clocks go back":      {`{"last_updated": "2026-10-25"}`, "2026-10-25T23:59:59+01:00"},
		"nothing":                         {`{"branch": "DRONE"}`, modified},
		"null":                            {`{"last_updated": null}`, modified},
		"no time":                         {`{"last_updated": "today"}`, modified},
		"no text":                         {`{"last_updated": 20260219}`, modified},
		"a section's is not the branch's": {`{"sections": {"flow": {"last_updated": "2026-02-19T08:00:03"}}}`, modified},
		"NaN beside it":                   {`{"quick_status": {"new_mail": NaN}, "last_updated": "2026-02-19T08:00:03"}`, "2026-02-19T08:00:03+01:00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := dashboardOf(tt.text, berlin(t))
			must(t, err)
			f := File[Dashboard]{Head: Head{stamp: written.Unix()<<1 | 1}, Value: d}
			if got := UpdatedAt(&f).In(berlin(t)).Format(time.RFC3339); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDashboardThatAIPassWouldReplaceIsMalformed(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{``: "empty", `[]`: "not an object", `{"last_updated": "20`: "ends", "\ufeff{}": "byte order mark"} {
		_, err := dashboardOf(text, time.UTC)
		wantMalformed(t, err, reason)
	}
}

func TestBrokenDashboardIsAsOldAsItsFile(t *testing.T) {
	t.Parallel()
	root := lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- drone/DASHBOARD.local.json --
{"last_updated": "2020-01-01 00:00:00", broken
`)
	must(t, os.Chtimes(filepath.Join(root, "drone/DASHBOARD.local.json"), written, written.Add(-time.Hour)))
	if got := UpdatedAt(&branch(t, look(t, root), "DRONE").Dashboard); !got.Equal(written.Add(-time.Hour)) {
		t.Errorf("got %v, want the file's time", got)
	}
}
