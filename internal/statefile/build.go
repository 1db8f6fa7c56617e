package statefile

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"
)

// Build names this build of this program, for state that is of use to no other:
// what it is built of and, for those that are built between two commits, its
// file.
func Build() [sha256.Size]byte {
	built, _ := debug.ReadBuildInfo()
	text := fmt.Append(nil, built)
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			text = fmt.Append(text, info.Size(), info.ModTime().UnixNano())
		}
	}
	return sha256.Sum256(text)
}
