package demohost

import (
	"fmt"
	"strings"
	"time"
)

// A record is one message of a log.
type record struct {
	age   time.Duration
	level string
	text  string
}

// jsonRecord is a line of the modern generation's JSON logs.
type jsonRecord struct {
	Time   string `json:"ts"`
	Level  string `json:"level"`
	Branch string `json:"branch"`
	Module string `json:"module"`
	Text   string `json:"msg"`
}

// chatter is what a branch logs when all is well: a message a minute, up to the
// age of the youngest one.
func chatter(lines int, youngest time.Duration) []record {
	records := make([]record, lines)
	for i := range records {
		records[i] = record{
			age:   youngest + time.Duration(lines-1-i)*time.Minute,
			level: "INFO",
			text:  pick(murmurs(), i),
		}
	}
	return records
}

// logText is the records as Python's logging writes them for AIPass. Records of
// several lines go on without a prefix, as tracebacks do.
func (h host) logText(module string, records []record) string {
	var text strings.Builder
	for _, r := range records {
		fmt.Fprintf(&text, "%s - captured_%s - %s - %s\n", h.stamp(r.age), module, r.level, r.text)
	}
	return text.String()
}

// logLines is the records as JSON lines.
func (h host) logLines(b branch, records []record) (string, error) {
	var text strings.Builder
	for _, r := range records {
		line, err := encodeLine(jsonRecord{
			Time: h.iso(r.age), Level: r.level, Branch: b.name, Module: b.module, Text: r.text,
		})
		if err != nil {
			return "", err
		}
		text.WriteString(line + "\n")
	}
	return text.String(), nil
}
