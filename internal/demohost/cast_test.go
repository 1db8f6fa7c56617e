package demohost

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMemoryIsAsLongAsTheCastSays(t *testing.T) {
	t.Parallel()
	nodes := layDemo(t, filepath.Join(t.TempDir(), "host"))
	for _, b := range legacyCast() {
		if b.name == "GHOST_WRITER" {
			continue // has moved out
		}
		p := b.places()
		for name, want := range map[string]int{p.local: b.local, p.observations: b.observations} {
			if got := countLines(nodes[name].Text); got != want {
				t.Errorf("%s: got %d lines, want %d", name, got, want)
			}
		}
	}
	for _, b := range modernCast() {
		var local trinityLocal
		parse(t, nodes[b.places().local].Text, &local)
		if got := len(local.Sessions); got != b.local {
			t.Errorf("%s: got %d sessions, want %d", b.name, got, b.local)
		}
	}
}

// The registries list every branch that is on disk, and one that is not.
func TestRegistriesListWhatIsOnDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "host")
	nodes := layDemo(t, dir)
	var missing []string
	for _, name := range []string{"BRANCH_REGISTRY.json", "AIPASS_REGISTRY.json"} {
		var reg registry
		parse(t, nodes[name].Text, &reg)
		if reg.Metadata.Total != len(reg.Branches) {
			t.Errorf("%s: total %d, but %d branches", name, reg.Metadata.Total, len(reg.Branches))
		}
		for _, b := range reg.Branches {
			if _, ok := nodes[strings.TrimPrefix(b.Path, filepath.ToSlash(dir)+"/")]; !ok {
				missing = append(missing, b.Name)
			}
		}
	}
	if want := []string{"GHOST_WRITER"}; !slices.Equal(missing, want) {
		t.Errorf("not on disk: got %v, want %v", missing, want)
	}
}

func TestAgesAreRelativeToNow(t *testing.T) {
	t.Parallel()
	nodes := layDemo(t, filepath.Join(t.TempDir(), "host"))
	for name, want := range map[string]time.Duration{
		"aipass_core/cartographer/README.md":               40 * day,
		"src/aipass/lamplighter/DASHBOARD.local.json":      9 * day,
		"src/aipass/trigger/.ai_mail.local/.dispatch.lock": 7 * time.Hour,
		"aipass_core/cartographer":                         0,
	} {
		if got := evening().Sub(nodes[name].ModTime); got != want {
			t.Errorf("%s: got age %v, want %v", name, got, want)
		}
	}
}

func TestPRAXOutgrowsTheLogHandler(t *testing.T) {
	t.Parallel()
	nodes := layDemo(t, filepath.Join(t.TempDir(), "host"))
	for name, node := range nodes {
		tooBig := len(node.Text) > 50_000
		if strings.HasSuffix(name, ".log") && tooBig != (name == "src/aipass/prax/logs/logger.log") {
			t.Errorf("%s has %d bytes", name, len(node.Text))
		}
	}
}

func TestGenerateSplitsTheGenerations(t *testing.T) {
	t.Parallel()
	nodes := generate(t, filepath.Join(t.TempDir(), "host"), 4)
	for _, want := range []string{
		"aipass_core/cooper_00001/ai_mail.local/inbox.json",
		"aipass_core/cooper_00001/COOPER_00001.local.json",
		"src/aipass/fletcher_00003/.trinity/passport.json",
		"system_logs/fletcher_00003_work.log",
	} {
		if nodes[want].Text == "" {
			t.Errorf("%s is missing or empty", want)
		}
	}
	var reg registry
	parse(t, nodes["AIPASS_REGISTRY.json"].Text, &reg)
	if got := len(reg.Branches); got != 2 {
		t.Errorf("got %d modern branches, want 2", got)
	}
	var in inbox
	parse(t, nodes["src/aipass/fletcher_00003/.ai_mail.local/inbox.json"].Text, &in)
	if in.Total != 20 || len(in.Messages) != 20 || in.Unread == 0 || in.Unread == 20 {
		t.Errorf("got %d of %d messages unread, want a mixture of 20", in.Unread, in.Total)
	}
}

func parse(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
