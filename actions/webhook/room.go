package webhook

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// largest is how many notifications of the largest size may be in work at
	// once, and smallest how many of the smallest.
	largest, smallest = 4, 64
	// queueTime is how long a notification waits for its turn.
	queueTime = 10 * time.Second
)

// A room bounds what is in work at once, by the memory that it takes. What
// waits outside has not been read yet.
type room struct {
	seats   *semaphore.Weighted // of one byte each
	max     int64
	minimum int64
}

func newRoom(maxBody int64) *room {
	return &room{semaphore.NewWeighted(largest * maxBody), maxBody, max(1, largest*maxBody/smallest)}
}

// enter waits for room for a body of a size, -1 if that is not known.
func (r *room) enter(ctx context.Context, size int64) (leave func(), err error) {
	if size < 0 || size > r.max {
		size = r.max
	}
	size = max(size, r.minimum)
	ctx, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	if r.seats.Acquire(ctx, size) != nil {
		return nil, later("too much at once")
	}
	return func() { r.seats.Release(size) }, nil
}
