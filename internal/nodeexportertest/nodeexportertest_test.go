package nodeexportertest

import (
	"os"
	"path/filepath"
	"testing"
)

func dirWith(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.prom"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestScrapeServesTextfile(t *testing.T) {
	t.Parallel()
	e := Start(t, dirWith(t, "x{a=\"b c\"} 1\n"))
	page, ok := e.Scrape(t)
	if !ok || e.Crashed() {
		t.Fatalf("crashed:\n%s", e.Log())
	}
	if got := page[`x{a="b c"}`]; got != "1" {
		t.Errorf("sample = %q, want 1, in %v", got, page)
	}
	if got := page["node_textfile_scrape_error"]; got != "0" {
		t.Errorf("node_textfile_scrape_error = %q, want 0", got)
	}
}

func TestScrapeNoticesCrash(t *testing.T) {
	t.Parallel()
	// A reserved label name panics in client_golang.
	e := Start(t, dirWith(t, "x{__a=\"b\"} 1\n"))
	if page, ok := e.Scrape(t); ok {
		t.Fatalf("did not crash: %v", page)
	}
	if !e.Crashed() {
		t.Error("Crashed = false after a crash")
	}
}
