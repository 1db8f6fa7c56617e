package aipass

import (
	"context"
	"errors"
	"fmt"
)

// Looks give up when ctx ends, even if a file system hangs: the goroutine that
// reads is left behind in its system call and cannot touch the snapshot any
// more, for what it finds travels by value.

// maxLeftBehind is how many goroutines may hang before no more are started.
const maxLeftBehind = 64

// errStillHanging: what hung then hangs now.
var errStillHanging = errors.New("earlier looks still hang in the file system")

// await runs read in a goroutine of its own; if ctx ends before it does,
// instead says why.
func await[T any](ctx context.Context, t Tree, read func(*looker) T, instead func(error) T) T {
	if err := context.Cause(ctx); err != nil {
		return instead(fmt.Errorf("%s: %w", t.root, err))
	}
	done := make(chan T, 1)
	t.start(func() { done <- read(newLooker(ctx, t)) })
	select {
	case v := <-done:
		return v
	case <-ctx.Done():
		return instead(fmt.Errorf("%s: %w", t.root, context.Cause(ctx)))
	}
}

// start counts the goroutine for as long as it lives.
func (t Tree) start(f func()) {
	t.alive.Add(1)
	go func() {
		defer t.alive.Add(-1)
		f()
	}()
}

// lookAtBranches shares the branches out among workers. The notes are of those
// with the same index.
func (t Tree) lookAtBranches(ctx context.Context, dirs *resolver, list []pending) ([]Branch, []notes) {
	todo := make(chan int, len(list))
	for i := range list {
		todo <- i
	}
	close(todo)
	done := make(chan looked, t.workers)
	for range min(t.workers, len(list)) {
		t.start(func() {
			l := newLooker(ctx, t)
			for i := range todo {
				select {
				case done <- looked{i, l.branch(list[i], dirs), l.end()}:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	return gather(ctx, list, done)
}

type looked struct {
	index  int
	branch Branch
	notes  notes
}

// gather collects a branch for each of the list, unseen ones for those that
// were not reached in time.
func gather(ctx context.Context, list []pending, done <-chan looked) ([]Branch, []notes) {
	branches, taken := make([]Branch, len(list)), make([]notes, len(list))
	for range list {
		select {
		case l := <-done:
			branches[l.index], taken[l.index] = l.branch, l.notes
		case <-ctx.Done():
			return unreached(branches, list), taken
		}
	}
	return branches, taken
}

// unreached fills in the branches that nobody got to.
func unreached(branches []Branch, list []pending) []Branch {
	for i, p := range list {
		if branches[i].Name == "" { // which no branch is called
			branches[i] = newBranch(p)
			branches[i].unseen(fmt.Errorf("%s: %w", p.path, errNotReached))
		}
	}
	return branches
}
