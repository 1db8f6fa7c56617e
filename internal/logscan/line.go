package logscan

import (
	"bytes"
	"encoding/binary"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// What AIPass and its neighbours write, and where the level stands in it:
//
//	2026-03-06 19:26:01 - captured_ai_mail - ERROR - text
//	2026-03-06 19:26:01 | module | ERROR | text
//	2026-03-06 19:26:01,123 [ERROR] text
//	[2026-03-06 19:26:01] [ERROR] text
//	[ERROR] text
//	{"ts": "2026-03-06T19:26:01", "level": "error", "msg": "text"}
//
// Any other line belongs to the message before it, or has no level.

// levelOf is the level of the message that begins with the line; ok is false
// if none does.
func levelOf(line []byte) (level aipass.LogLevel, ok bool) {
	switch {
	case len(line) >= len(stampShape) && isStamp(line):
		return levelAfterStamp(line[len(stampShape):])
	case len(line) == 0:
		return 0, false
	case line[0] == '{':
		return levelOfObject(line)
	case line[0] == '[':
		return levelInBrackets(line)
	}
	return 0, false
}

func levelAfterStamp(line []byte) (level aipass.LogLevel, ok bool) {
	line = line[stampRest(line):]
	if len(line) < 3 || line[0] != ' ' {
		return 0, false
	}
	switch separator := line[1]; {
	case separator == '[':
		return levelInBrackets(line[1:])
	case (separator == '-' || separator == '|') && line[2] == ' ':
		return levelAfterName(line[3:], separator)
	}
	return 0, false
}

// levelAfterName: the name cannot hold a separator, or what follows would be
// anybody's guess.
func levelAfterName(line []byte, separator byte) (level aipass.LogLevel, ok bool) {
	for i := 0; ; i++ {
		next := bytes.IndexByte(line[i:], separator)
		if next < 0 {
			return 0, false
		}
		i += next
		if i > 0 && line[i-1] == ' ' && i+1 < len(line) && line[i+1] == ' ' {
			return levelBefore(line[i+2:], separator)
		}
	}
}

// levelBefore reads a level that a separator between blanks ends.
func levelBefore(line []byte, separator byte) (level aipass.LogLevel, ok bool) {
	end := bytes.IndexByte(line[:min(len(line), maxLevel)], ' ')
	if end < 0 {
		return 0, false
	}
	level, ok = levelNamed(line[:end])
	for end < len(line) && line[end] == ' ' { // padded to a width
		end++
	}
	return level, ok && end < len(line) && line[end] == separator
}

// levelInBrackets reads [LEVEL], which may stand after a timestamp in brackets.
func levelInBrackets(line []byte) (level aipass.LogLevel, ok bool) {
	if rest := line[1:]; len(rest) >= len(stampShape) && isStamp(rest) {
		rest = rest[len(stampShape):]
		rest = rest[stampRest(rest):]
		var stamped bool
		if line, stamped = bytes.CutPrefix(rest, []byte("] ")); !stamped || len(line) == 0 || line[0] != '[' {
			return 0, false
		}
	}
	end := bytes.IndexByte(line[:min(len(line), maxLevel)], ']')
	if end < 0 {
		return 0, false
	}
	return levelNamed(line[1:end])
}

// maxLevel is longer than any level with its brackets or padding.
const maxLevel = 16

// levelNamed knows the names of Python's levels, and the two that it has twice.
func levelNamed(name []byte) (level aipass.LogLevel, ok bool) {
	switch string(name) {
	case "DEBUG":
		return aipass.DebugLog, true
	case "INFO":
		return aipass.InfoLog, true
	case "WARNING", "WARN":
		return aipass.WarningLog, true
	case "ERROR":
		return aipass.ErrorLog, true
	case "CRITICAL", "FATAL":
		return aipass.CriticalLog, true
	}
	return 0, false
}

// stampShape is what a timestamp looks like, up to the second.
const stampShape = "0000-00-00 00:00:00"

// isStamp compares eight bytes at a time, for every line comes here: all of
// what stands between, and the upper half of a digit. A T may stand for the blank.
func isStamp(line []byte) bool {
	const (
		date, dateMask   = 0x2d30302d_30303030, 0xfff0f0ff_f0f0f0f0 // 0000-00-
		clock, clockMask = 0x30303a30_30003030, 0xf0f0fff0_f000f0f0 // 00?00:00
		digit, digitMask = 0x30, 0xf0
	)
	line = line[:len(stampShape)]
	return binary.LittleEndian.Uint64(line)&dateMask == date &&
		binary.LittleEndian.Uint64(line[8:])&clockMask == clock &&
		(line[10] == ' ' || line[10] == 'T') && line[16] == ':' &&
		line[17]&digitMask == digit && line[18]&digitMask == digit
}

// stampRest is the length of the fraction and the zone after the seconds.
func stampRest(line []byte) int {
	n := 0
	for n < len(line) && n < maxStampRest && line[n] != ' ' && line[n] != ']' {
		if !isStampByte(line[n]) {
			return 0
		}
		n++
	}
	return n
}

// maxStampRest is that of ,123456789+00:00.
const maxStampRest = 16

func isStampByte(b byte) bool {
	return '0' <= b && b <= '9' || b == ',' || b == '.' || b == 'Z' || b == '+' || b == '-' || b == ':'
}
