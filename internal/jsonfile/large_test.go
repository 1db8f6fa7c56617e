package jsonfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A sparse file takes no space and would take hours to read.
func TestFileThatIsTooLargeIsNotRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "inbox.json")
	if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, jsonfile.MaxSize+1); err != nil {
		t.Fatal(err)
	}
	_, err := jsonfile.Read(t.Context(), path, "", func(io.Reader) error {
		t.Error("it was read")
		return nil
	})
	if !errors.Is(err, jsonfile.ErrTooLarge) {
		t.Errorf("got %v, want %v", err, jsonfile.ErrTooLarge)
	}
}
