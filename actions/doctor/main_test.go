package doctor

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing here starts anything that stays.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
