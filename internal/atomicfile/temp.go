package atomicfile

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leftoverAge is how old a temporary file must be before it counts as left by
// a crash and not as the work of a writer that is still busy.
const leftoverAge = time.Hour

// randomBytes makes the names of two writers differ; in bytes, half as many as
// hexadecimal digits in the name.
const randomBytes = 8

// createTemp makes a new file beside path that only its owner may read until
// it is complete.
func createTemp(path string) (*os.File, error) {
	var random [randomBytes]byte
	rand.Read(random[:]) // never fails, by its contract
	name := filepath.Join(filepath.Dir(path), tempPrefix(path)+hex.EncodeToString(random[:]))
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

// tempPrefix is how the names of path's temporary files begin. They are hidden,
// and they end in the random part rather than in path's own ending, so that
// whoever collects *.prom or *.json takes no half-written file.
func tempPrefix(path string) string {
	return "." + filepath.Base(path) + ".tmp-"
}

// removeLeftovers deletes path's temporary files last written before the given
// time. It is housekeeping: what cannot be removed now may be next time, and is
// no reason not to write.
func removeLeftovers(path string, before time.Time) {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !isTemp(path, e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// isTemp reports whether name is one that createTemp could have made for path,
// and for no other path.
func isTemp(path, name string) bool {
	random, ok := strings.CutPrefix(name, tempPrefix(path))
	if !ok || len(random) != 2*randomBytes {
		return false
	}
	_, err := hex.DecodeString(random)
	return err == nil
}
