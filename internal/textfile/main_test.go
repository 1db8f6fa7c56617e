package textfile

import (
	"testing"

	"go.uber.org/goleak"
)

// Check parses in goroutines of its own; none outlives it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
