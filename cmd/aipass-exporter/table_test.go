package main

import (
	"strings"
	"testing"
)

func lines(n int, limit float64) []memoryStatus {
	return []memoryStatus{{File: "local", N: n, Limit: &limit}}
}

func TestTableInColour(t *testing.T) {
	t.Parallel()
	h := hostStatus{Home: "/home/aipass", Branches: []branchStatus{
		{Name: "WELL", Healthy: true, Files: map[string]string{"inbox": "ok"}, Memory: lines(300, 600)},
		{Name: "SICK", Files: map[string]string{"inbox": "malformed"}, Memory: lines(601, 600)},
	}}
	var plain, coloured strings.Builder
	for out, colour := range map[*strings.Builder]bool{&plain: false, &coloured: true} {
		if err := writeTable(out, h, colour); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"\x1b[32mWELL\x1b[0m", "\x1b[31mSICK\x1b[0m", "\x1b[31mmalformed\x1b[0m", "\x1b[31m██████████ 601/600\x1b[0m"} {
		if !strings.Contains(coloured.String(), want) {
			t.Errorf("%q is missing in\n%s", want, coloured.String())
		}
	}
	bare := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[0m", "").Replace(coloured.String())
	if bare != plain.String() {
		t.Errorf("colour moves the columns:\n%s\n%s", bare, plain.String())
	}
}

func TestTableKeepsNamesFromSteeringTheTerminal(t *testing.T) {
	t.Parallel()
	h := hostStatus{
		Branches: []branchStatus{{Name: "EVIL\x1b[2J\u202e"}},
		Problems: []problem{{Branch: "EVIL\x1b[2J", What: "inbox \x07"}},
	}
	var out strings.Builder
	if err := writeTable(&out, h, false); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07\u202e") {
		t.Errorf("%q", out.String())
	}
}

func TestBytesAreReadable(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 5 << 30: "5.0 GiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
