package mailbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// However many write at once, what can be read is always what one of them wrote.
func TestTheCentralFileIsAlwaysOneWriters(t *testing.T) {
	t.Parallel()
	dir, path := centralDir(t, "")
	must(t, UpdateCentral(t.Context(), dir, nil, now))
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for n := range 5 {
				mine := map[string]Count{}
				for i := range 50 {
					mine[fmt.Sprintf("%d_%d", i, w)] = Count{n, n}
				}
				err := UpdateCentral(t.Context(), dir, mine, now)
				if err != nil && !errors.Is(err, ErrLocked) { // of a slow disk one may have enough
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for last := false; !last; {
		select {
		case <-done:
			last = true
		default:
		}
		wantOneVersion(t, read(t, path))
	}
	if got := tree(t, dir); len(got) != 2 {
		t.Errorf("got %v, want the central file alone", got)
	}
}

func wantOneVersion(t *testing.T, text string) {
	t.Helper()
	var got central
	must(t, json.Unmarshal([]byte(text), &got))
	if n := len(got.Branches); n != 0 && n != 50 {
		t.Errorf("%d branches, want those of one writer", n)
	}
	_, who, ok := strings.Cut(firstOf(got.Branches), "_")
	for name, count := range got.Branches {
		if !ok || !strings.HasSuffix(name, "_"+who) || count.Total*50 != got.System.Total {
			t.Errorf("%s: %v in a file of %s's with %d", name, count, who, got.System.Total)
		}
	}
}

func firstOf(counts map[string]Count) string {
	for name := range counts {
		return name
	}
	return ""
}
