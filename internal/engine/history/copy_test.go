package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// A copy answers as the history does, while a run has that open.
func TestACopyIsReadWhileARunIsAtWork(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.run(noon, "aipass_x 1\n")
	original := h.open(noon)
	defer h.close(original)
	db, err := history.OpenCopy(h.dir, noon, h.options)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close(db)
	series, err := db.Query(t.Context(), "aipass_x", noon)
	if err != nil || len(series) != 1 || series[0].Points[0].Value != 1 {
		t.Errorf("got %v, %v", series, err)
	}
}

// What is written to a copy is forgotten, and of the copy nothing stays.
func TestACopyIsForgotten(t *testing.T) {
	h := newHost(t)
	h.run(noon, "aipass_x 1\n")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	db, err := history.OpenCopy(h.dir, noon, h.options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Scrape(t.Context(), history.Scrape{Time: noon.Add(time.Minute), Textfiles: []history.Textfile{{Path: textfile, Text: []byte("aipass_x 2\n")}}}); err != nil {
		t.Fatal(err)
	}
	h.close(db)
	h.gives("aipass_x", noon.Add(time.Minute), "map[__name__:aipass_x instance:attic job:node] 1")
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestACopyOfNothingIsEmpty(t *testing.T) {
	t.Parallel()
	db, err := history.OpenCopy(filepath.Join(t.TempDir(), "none"), noon, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	series, err := db.Query(t.Context(), "aipass_x", noon)
	if closed := db.Close(); err != nil || closed != nil || len(series) > 0 {
		t.Errorf("got %v, %v, %v", series, err, closed)
	}
}

// Of a history that is damaged the copy is empty, and the history is for a run to
// set aside.
func TestACopyOfADamagedHistory(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	damage(t, h, func(dir string) error { return overwrite(filepath.Join(dir, "*", "index"), "no index") })
	db, err := history.OpenCopy(h.dir, noon.Add(24*time.Hour), h.options)
	if _, aside := errors.AsType[*statefile.SetAsideError](err); !aside || db == nil {
		t.Fatalf("got %v", err)
	}
	h.close(db)
	again, err := history.Open(h.dir, noon.Add(24*time.Hour), h.options)
	h.close(again)
	if err == nil {
		t.Error("the history is not what it was")
	}
}
