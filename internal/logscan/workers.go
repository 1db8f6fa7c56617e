package logscan

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A count gives up when ctx ends, even if a file system hangs: the goroutine
// that reads is left behind in its system call and cannot touch the count any
// more, for what it finds travels by value.

const (
	// maxWorkers bounds memory, for each has a buffer.
	maxWorkers = 8
	// maxLeft is how many goroutines may hang before no more are started.
	maxLeft = 64
	// grace is for those that do not hang to say how far they got.
	grace = time.Second
)

// errStillHanging: what hung then hangs now.
var errStillHanging = errors.New("earlier counts still hang in the file system")

// A job is a directory to be listed.
type job struct {
	dir   aipass.LogDir
	known []checkpoint
}

// A report is of a directory that has been listed, or of a family that has been read.
type report struct {
	dir    string
	source aipass.LogSource
	err    error
	late   bool     // there was no time
	quiet  bool     // nothing has happened in the directory
	open   []family // what has to be read in it
	live   string   // the name of the family that has been read
	outcome
}

// read lists the directories and reads what is new in them.
func (n *count) read(ctx context.Context, c *Counter, s *aipass.Snapshot) {
	todo := make([]job, 0, 1+len(s.Branches))
	for d := range s.LogDirs() {
		if d.Known {
			todo = append(todo, job{d, n.dirs[d.Path].files})
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if c.left.Load() > maxLeft {
		cancel(errStillHanging)
	}
	left := make(chan struct{})
	defer close(left)
	n.pending = len(todo)
	n.gather(ctx, n.start(ctx, c, todo, left))
	n.why = context.Cause(ctx)
}

// start has workers that list and workers that read. They end when there is
// nothing left to do, or when nobody waits for them any more.
func (n *count) start(ctx context.Context, c *Counter, todo []job, left <-chan struct{}) <-chan report {
	workers := min(maxWorkers, runtime.GOMAXPROCS(0))
	w := work{settings: n.settings, todo: todo, reports: make(chan report, workers), queue: make(chan family, workers), left: left}
	var listers sync.WaitGroup
	for range min(workers, len(todo)) {
		listers.Add(1)
		c.begin(func() { defer listers.Done(); w.list(ctx) })
		c.begin(func() { w.read(ctx) })
	}
	go func() { listers.Wait(); close(w.queue) }()
	return w.reports
}

// begin counts the goroutine for as long as it lives.
func (c *Counter) begin(f func()) {
	c.left.Add(1)
	go func() {
		defer c.left.Add(-1)
		f()
	}()
}

// work is what workers share.
type work struct {
	settings
	todo    []job
	next    atomic.Int64 // of todo
	reports chan report
	queue   chan family
	left    <-chan struct{} // closed when nobody waits for reports any more
}

func (w *work) say(r report) (heard bool) {
	select {
	case w.reports <- r:
		return true
	case <-w.left:
		return false
	}
}

// list reports directories, and queues what has to be read in them.
func (w *work) list(ctx context.Context) {
	for i := w.next.Add(1); i <= int64(len(w.todo)); i = w.next.Add(1) {
		r := w.directory(ctx, w.todo[i-1])
		if !w.say(r) {
			return
		}
		for _, f := range r.open {
			select {
			case w.queue <- f:
			case <-w.left:
				return
			}
		}
	}
}

func (w *work) directory(ctx context.Context, j job) report {
	r := report{dir: j.dir.Path, source: j.dir.Source("")}
	if ctx.Err() != nil {
		r.late = true
		return r
	}
	entries, err := list(j.dir.Path, w.taken)
	if err != nil {
		r.err = err
		return r
	}
	if r.quiet = quiet(entries, j.known); !r.quiet {
		r.open = families(j.dir, entries, j.known)
	}
	return r
}

// read reports families.
func (w *work) read(ctx context.Context) {
	s := scanner{settings: w.settings}
	for {
		select {
		case f, more := <-w.queue:
			if !more {
				return
			}
			if s.buffer == nil {
				s.buffer = make([]byte, blockSize)
			}
			if !w.say(report{dir: f.dir, source: f.source, live: f.live, outcome: s.family(ctx, f)}) {
				return
			}
		case <-w.left:
			return
		}
	}
}

// gather takes reports until all have come, or ctx has ended and those that
// still come have had their time.
func (n *count) gather(ctx context.Context, reports <-chan report) {
	done := ctx.Done()
	var late <-chan time.Time
	for n.pending > 0 {
		select {
		case r := <-reports:
			n.pending--
			n.take(r)
		case <-done:
			done, late = nil, time.After(grace)
		case <-late:
			return
		}
	}
}

func (n *count) take(r report) {
	switch {
	case r.late:
		n.missed++
	case r.err != nil:
		n.note(r.source, aipass.UnreadableLogs{Files: 1, Err: r.err})
	case r.live != "":
		n.takeFamily(r)
	case r.quiet && n.dirs[r.dir].gone == 0:
	case len(r.open) == 0:
		n.settle(r.dir, n.dirs[r.dir].files)
	default:
		n.takeDirectory(r)
	}
}

func (n *count) takeDirectory(r report) {
	o := &opened{families: make(map[string]family, len(r.open))}
	for _, f := range r.open {
		o.families[f.live] = f
	}
	n.open[r.dir] = o
	n.pending += len(r.open)
}

func (n *count) takeFamily(r report) {
	o := n.open[r.dir]
	delete(o.families, r.live)
	if o.files = append(o.files, r.checkpoints...); len(o.families) == 0 {
		n.settle(r.dir, o.files)
		delete(n.open, r.dir)
	}
	n.missed += r.cut
	n.note(r.source, r.unreadable)
	if r.news != (aipass.LogTotals{}) {
		of := n.totals[r.source.Branch]
		add(&of[r.source.Scope], r.news)
		n.totals[r.source.Branch], n.changed = of, true
	}
}

func (n *count) note(source aipass.LogSource, more aipass.UnreadableLogs) {
	if more.Files > 0 {
		sum := n.bad[source]
		n.bad[source] = aipass.UnreadableLogs{Files: sum.Files + more.Files, Err: cmp.Or(sum.Err, more.Err)}
	}
}
