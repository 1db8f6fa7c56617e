package ledger

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// writerOf names the ledger in the environment of a program that appends to it.
const writerOf = "LEDGER_OF_A_WRITER"

// With a ledger in the environment this is not a test at all but one of the
// programs that write into one ledger at the same time.
func TestMain(m *testing.M) {
	path := os.Getenv(writerOf)
	if path == "" {
		os.Exit(m.Run())
	}
	l := Ledger{Path: path, MaxSize: small}
	for n := range linesOfAWriter {
		if err := l.Append(Entry{Time: now, Branch: strconv.Itoa(os.Getpid()), Message: strconv.Itoa(n)}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}
