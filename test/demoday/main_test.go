package demoday

import (
	"testing"

	"go.uber.org/goleak"
)

// The TSDB leaves a goroutine behind when it is closed.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/prometheus/prometheus/tsdb/wlog.(*WL).run"))
}
