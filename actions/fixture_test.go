package actions

import (
	"testing"
	"time"
)

// now is when every test takes place.
var now = time.Date(2026, time.February, 19, 8, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
