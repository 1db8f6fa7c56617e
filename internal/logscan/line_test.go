package logscan

import (
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestLevelIsWhereTheFormatHasIt(t *testing.T) {
	t.Parallel()
	const stamp = "2026-03-06 19:26:01"
	long := strings.Repeat("x", 5000)
	for line, want := range map[string]aipass.LogLevel{
		stamp + " - captured_ai_mail - DEBUG - x":              aipass.DebugLog,
		stamp + " - captured_ai_mail - INFO - an ERROR once":   aipass.InfoLog,
		stamp + " - captured_ai_mail - WARNING - - ERROR - ":   aipass.WarningLog,
		stamp + " - captured_ai_mail - ERROR -":                aipass.ErrorLog,
		stamp + " - captured_ai_mail - ERROR - ":               aipass.ErrorLog,
		stamp + " - captured_ai_mail - CRITICAL - x\r":         aipass.CriticalLog,
		stamp + ",123 - root - ERROR - x":                      aipass.ErrorLog,
		stamp + ".123456+01:00 - root - ERROR - x":             aipass.ErrorLog,
		"2026-03-06T19:26:01Z - root - ERROR - x":              aipass.ErrorLog,
		stamp + " - two words-and-more - ERROR - x":            aipass.ErrorLog,
		stamp + " - captured - WARN     - padded":              aipass.WarningLog,
		stamp + " - " + long + " - ERROR - x":                  aipass.ErrorLog,
		stamp + " | module | ERROR | text":                     aipass.ErrorLog,
		stamp + " | mod - ule | FATAL | text":                  aipass.CriticalLog,
		stamp + ",123 [ERROR] dispatch failed":                 aipass.ErrorLog,
		"[" + stamp + "] [ERROR] tick failed":                  aipass.ErrorLog,
		"[ERROR] no time":                                      aipass.ErrorLog,
		`{"level": "error", "msg": "x"}`:                       aipass.ErrorLog,
		`{"ts":"2026-03-06","level":"INFO","msg":"\"level\""}`: aipass.InfoLog,
		`{"msg": "{\"level\": \"error\"", "level": "Debug"}`:   aipass.DebugLog,
		`{"ctx": {"level": "error"}, "level": "warning"}`:      aipass.WarningLog,
		`{"what": "level", "level":	"critical"`:                aipass.CriticalLog,
		`{"path": "C:\\", "level": "error"}`:                   aipass.ErrorLog,
	} {
		if got, ok := levelOf([]byte(line)); got != want || !ok {
			t.Errorf("%.100s: got %v, %t, want %v", line, got, ok, want)
		}
	}
}

func TestLineWithoutALevelInItsPlaceIsNoMessage(t *testing.T) {
	t.Parallel()
	const stamp = "2026-03-06 19:26:01"
	for _, line := range []string{
		"", "\r", " ", "{", "[", "[]", "[ERROR", "{}", "[[ERROR]]",
		"Traceback (most recent call last):",
		`  File "x.py", line 1, in <module>`,
		"ValueError: - ERROR - ",
		"ERROR - x",
		" " + stamp + " - a - ERROR - indented",
		stamp, stamp + " ", stamp + " -", stamp + " - ", stamp + " - a - ", stamp + " - a - ERROR",
		stamp + " - a - ERROR: x", stamp + " - a - error - x", stamp + " - a - ERRORS - x",
		stamp + " - a - b - ERROR - the third field is none",
		stamp + " - ERROR - no name",
		stamp + " | a - ERROR - x", stamp + " | suppressed", stamp + " ERROR x",
		"2026-03-06 - a - ERROR - x", "26-03-06 19:26:01 - a - ERROR - x", "2026/03/06 19:26:01 - a - ERROR - x",
		"[" + stamp + "] tick", "[" + stamp + " [ERROR] x", "[error] x",
		`{"msg": "level", "x": "error"}`, `{"level": 40}`, `{"level"`, `{"level":`, `{"level": "err`, `{"level": "loud"}`,
		`{"ctx": {"level": "error"}}`, `{"msg": "\"level\": \"error\""}`, `["level", "error"]`, `[{"level": "error"}]`,
		`{"level": "` + strings.Repeat("error", 10) + `"}`,
	} {
		if got, ok := levelOf([]byte(line)); ok {
			t.Errorf("%s: got %v, want no message", line, got)
		}
	}
}
