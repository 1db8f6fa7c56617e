package textfile

import (
	"fmt"
	"io"

	"github.com/aiosai/aipass-exporter/internal/atomicfile"
)

// mode lets node_exporter read the file, which runs as a user of its own.
const mode = 0o644

// Write makes path, which should end in ".prom", hold what write produces, if
// Check accepts it. Otherwise the old file stays, and the error wraps the
// Finding or what kept the file from being written.
func Write(path string, write func(io.Writer) error) error {
	return replace(path, write, func(file *io.SectionReader) error { return Check(file) })
}

func replace(path string, write func(io.Writer) error, check func(*io.SectionReader) error) error {
	err := atomicfile.Replace(path, write, atomicfile.Options{Mode: mode, Check: check})
	if err != nil {
		return fmt.Errorf("textfile %s: %w", path, err)
	}
	return nil
}
