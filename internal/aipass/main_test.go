package aipass

import (
	"testing"

	"go.uber.org/goleak"
)

// No look leaves a goroutine behind, not even one that came to its deadline.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
