package mailbox

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// No update leaves a goroutine behind. With a mailbox in the environment this
// is not a test at all but the program that TestKill kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimMailbox); dir != "" {
		victim(dir)
		return
	}
	goleak.VerifyTestMain(m)
}
