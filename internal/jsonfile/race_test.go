package jsonfile_test

import (
	"bufio"
	"errors"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// Two languages, one file: a Python process rewrites the document in place as
// fast as it can while we read it.
func TestNoReadIsOfTwoDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		lock              string
		smallest, largest int
		reads             int
		mayFail           int // reads; on a busy machine a writer at full speed may keep the lock from us
	}{
		{"locked writer, 1 to 200 KB", ".inbox.lock", 1 << 10, 200 << 10, 100, 10},
		{"locked writer, always 1 KB", ".inbox.lock", 1 << 10, 1 << 10, 100, 10},
		{"locked writer, always 100 KB", ".inbox.lock", 100 << 10, 100 << 10, 60, 6},
		{"careless writer, 1 to 200 KB", "", 1 << 10, 200 << 10, 15, math.MaxInt},
		{"careless writer, always 1 KB", "", 1 << 10, 1 << 10, 100, math.MaxInt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path, lock := filepath.Join(dir, "inbox.json"), ""
			if tt.lock != "" {
				lock = filepath.Join(dir, tt.lock)
			}
			startWriter(t, path, lock, tt.smallest, tt.largest)

			numbers := make(map[string]bool)
			reads, failed, tries := 0, 0, 0
			d := jsonfile.NewDecoder(nil)
			for start := time.Now(); reads < tt.reads || len(numbers) < 2; reads++ {
				if time.Since(start) > 2*time.Minute {
					t.Fatalf("the writer is stuck: %d different documents in %d reads", len(numbers), reads)
				}
				var doc numbered
				_, err := jsonfile.Read(t.Context(), path, lock, func(r io.Reader) error {
					tries++
					return doc.parse(d, r)
				})
				torn := errors.Is(err, jsonfile.ErrMalformed) || errors.Is(err, jsonfile.ErrTorn)
				switch {
				case torn && failed < tt.mayFail:
					failed++
				case err != nil:
					t.Fatal(err)
				case doc.first != doc.last || doc.first == "":
					t.Fatalf("a document that begins as %q and ends as %q", doc.first, doc.last)
				default:
					numbers[doc.first] = true
				}
			}
			t.Logf("%d reads: %d tries, %d different documents, %d failed", reads, tries, len(numbers), failed)
		})
	}
}

// numbered is what a document of rewrite.py says at its beginning and its end.
type numbered struct{ first, last string }

func (doc *numbered) parse(d *jsonfile.Decoder, r io.Reader) error {
	*doc = numbered{}
	d.Reset(r)
	err := d.Object(func(name string) (err error) {
		var v jsonfile.Value
		switch name {
		case "first":
			v, err = d.Value()
			doc.first = v.Text
		case "last":
			v, err = d.Value()
			doc.last = v.Text
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.End()
}

// startWriter returns when the first document is written; the writer ends with the test.
func startWriter(t *testing.T, path, lock string, smallest, largest int) {
	t.Helper()
	cmd := exec.Command(python(t), "-I", "testdata/rewrite.py", path, lock, strconv.Itoa(smallest), strconv.Itoa(largest))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the writer said %q, %v", line, err)
	}
}
