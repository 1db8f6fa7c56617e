package statefile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aiosai/aipass-exporter/internal/statefile"
)

type ledger struct{ Runs int }

func TestStateSurvives(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "made", "ledger.json")
	if err := statefile.Save(path, ledger{Runs: 7}); err != nil {
		t.Fatal(err)
	}
	var got ledger
	if err := statefile.Load(path, &got); err != nil || got.Runs != 7 {
		t.Errorf("got %+v, %v; want 7 runs", got, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestNoStateIsNoError(t *testing.T) {
	t.Parallel()
	got := ledger{Runs: 1}
	if err := statefile.Load(filepath.Join(t.TempDir(), "ledger.json"), &got); err != nil || got.Runs != 1 {
		t.Errorf("got %+v, %v; want it untouched", got, err)
	}
}

func TestCorruptStateIsSetAsideNotLost(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.json")
	if err := os.WriteFile(path, []byte(`{"Runs": 7`), 0o600); err != nil {
		t.Fatal(err)
	}
	var got ledger
	err := statefile.Load(path, &got)
	var aside *statefile.SetAsideError
	if !errors.As(err, &aside) {
		t.Fatalf("got %v, want a SetAsideError", err)
	}
	kept, err := os.ReadFile(aside.Path)
	if err != nil || string(kept) != `{"Runs": 7` {
		t.Errorf("set aside: %q, %v", kept, err)
	}
	if !strings.HasPrefix(aside.Path, path) {
		t.Errorf("set aside as %s, want it beside %s", aside.Path, path)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the corrupt file is still in place: %v", err)
	}
}

func TestLockIsForOneAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "made", "run.lock")
	unlock, held, err := statefile.TryLock(path)
	if err != nil || held {
		t.Fatalf("first: held %v, %v", held, err)
	}
	if _, held, err := statefile.TryLock(path); err != nil || !held {
		t.Errorf("second: held %v, %v; want held", held, err)
	}
	unlock()
	if _, held, err := statefile.TryLock(path); err != nil || held {
		t.Errorf("after unlock: held %v, %v; want free", held, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the lock file is gone: %v", err)
	}
}

func TestLockIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "state.lock")
		unlock, _, err := statefile.TryLock(path)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, unlock)
		again, held, err := statefile.Lock(t.Context(), path)
		if err != nil || held {
			t.Fatalf("held %v, %v", held, err)
		}
		defer again()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, held, err := statefile.Lock(ctx, path); err != nil || !held {
			t.Errorf("beyond its time: held %v, %v; want held", held, err)
		}
	})
}

func TestBuildIsNamedTheSameTwice(t *testing.T) {
	t.Parallel()
	first, second := statefile.Build(), statefile.Build()
	if first != second || first == [32]byte{} {
		t.Errorf("got %x and %x", first, second)
	}
}
