package cleanup

import (
	"testing"

	"go.uber.org/goleak"
)

// No run leaves a goroutine behind, not even one that came to its deadline.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
