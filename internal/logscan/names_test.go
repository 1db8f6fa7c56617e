package logscan

import "testing"

func TestNamesOfLogsAndOfWhatRotationMakesOfThem(t *testing.T) {
	t.Parallel()
	live := logName{live: "ops.log"}
	rotated := logName{live: "ops.log", rotated: true}
	packed := logName{live: "ops.log", rotated: true, packed: true}
	for name, want := range map[string]logName{
		"ops.log":                     live,
		"ops.jsonl":                   {live: "ops.jsonl"},
		"ops.jsonl.1":                 {live: "ops.jsonl", rotated: true},
		"ops.log.1":                   rotated,
		"ops.log.12":                  rotated,
		"ops.log-20260306":            rotated,
		"ops.log-20260306-1772822400": rotated,
		"ops.log.2026-03-06":          rotated,
		"ops.log.2026-03-06_12-00":    rotated,
		"ops.log.1.gz":                packed,
		"ops.log-20260306.xz":         packed,
		"ops.log.2.zst":               packed,
		"ops.log.gz":                  {live: "ops.log", packed: true},
		"ops.1.log":                   {live: "ops.1.log"},
		"a.log.b.log.1":               {live: "a.log.b.log", rotated: true},
		".log":                        {live: ".log"},
	} {
		if got, ok := parseName(name); got != want || !ok {
			t.Errorf("%s: got %+v, %t, want %+v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "ops", "ops.txt", "ops.log~", "ops.log.", "ops.log.old", "ops.log.-", "ops.logs", "ops.log1", "log", "gl", "ops.json", ".gz", "ops.log.1.tmp"} {
		if got, ok := parseName(name); ok {
			t.Errorf("%s: got %+v, want no log", name, got)
		}
	}
}
