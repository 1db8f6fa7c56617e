package aipass

import (
	"context"
	"fmt"
)

// The looks below give up when ctx ends, even if a file system hangs: the
// reading goroutine is left behind in its system call and cannot touch the
// snapshot any more, for what it finds travels by value.

// lookAtHost reads the host's own files.
func (t Tree) lookAtHost(ctx context.Context) host {
	if ctx.Err() != nil {
		return t.unseenHost(context.Cause(ctx))
	}
	done := make(chan host, 1)
	go func() { done <- newLooker(ctx, t).host() }()
	select {
	case h := <-done:
		return h
	case <-ctx.Done():
		return t.unseenHost(context.Cause(ctx))
	}
}

// lookAtBranches shares the branches out among workers.
func (t Tree) lookAtBranches(ctx context.Context, dirs *resolver, list []pending) []Branch {
	todo := make(chan int, len(list))
	for i := range list {
		todo <- i
	}
	close(todo)
	done := make(chan looked, t.workers)
	for range min(t.workers, len(list)) {
		go func() {
			l := newLooker(ctx, t)
			for i := range todo {
				select {
				case done <- looked{i, l.branch(list[i], dirs)}:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	return gather(ctx, list, done)
}

type looked struct {
	index  int
	branch Branch
}

// gather collects a branch for each of the list, unseen ones for those that
// were not reached in time.
func gather(ctx context.Context, list []pending, done <-chan looked) []Branch {
	branches := make([]Branch, len(list))
	for range list {
		select {
		case l := <-done:
			branches[l.index] = l.branch
		case <-ctx.Done():
			return unreached(branches, list)
		}
	}
	return branches
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
