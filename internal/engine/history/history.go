// Package history keeps the samples of seven days between runs from cron, in a
// Prometheus TSDB, and answers PromQL from them.
//
// A run writes what a scrape of node_exporter would find at that moment. Between
// two runs the textfiles lie there unchanged, and a Prometheus would scrape the
// same again every minute: a query here finds just that, without its being stored.
// So range functions see what they would see in a real Prometheus, be runs a
// minute or an hour apart.
//
// The package evaluates no rules and knows no metric but those that node_exporter
// adds to a textfile's.
package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Options say how much is kept, and how often a run is to be expected.
type Options struct {
	// Interval between runs. What a run wrote holds until the next, but no longer
	// than twice that: beyond it is a gap, as if Prometheus had been down.
	Interval  time.Duration // an hour, if zero
	Retention time.Duration // seven days, if zero
	MaxBytes  int64         // of all blocks; 512 MiB, if zero
	Logger    *slog.Logger  // hears what is worth a warning; nobody, if nil
}

func (o Options) withDefaults() Options {
	if o.Interval <= 0 {
		o.Interval = time.Hour
	}
	if o.Retention <= 0 {
		o.Retention = 7 * 24 * time.Hour
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 512 << 20
	}
	if o.Logger == nil {
		o.Logger = promslog.NewNopLogger()
	}
	return o
}

// A DB is open in one process at a time.
type DB struct {
	tsdb    *tsdb.DB
	carried carried
	engine  *promql.Engine
	reach   time.Duration
	temp    string // what is removed with it, if it is a copy
	// writing is for one at a time: the TSDB sorts what several have begun at once,
	// under the eyes of those who read.
	writing sync.Mutex
}

// scrapeInterval is how often a Prometheus would have looked.
const scrapeInterval = time.Minute

// lookback is Prometheus' own, which rules count on.
const lookback = 5 * time.Minute

func open(dir string, o Options) (*DB, error) {
	if err := logDamage(dir); err != nil {
		return nil, err
	}
	logger := warnings(o.Logger)
	opts := tsdb.DefaultOptions()
	opts.RetentionDuration = o.Retention.Milliseconds()
	opts.MaxBytes = o.MaxBytes
	opts.MinBlockDuration = blockRange(o.Interval).Milliseconds()
	opts.MaxBlockDuration = max(24*time.Hour, blockRange(o.Interval)).Milliseconds()
	// A clock that was set back writes before what is there already.
	opts.OutOfOrderTimeWindow = o.Retention.Milliseconds()
	opts.StripeSize = 1 << 10
	db, err := tsdb.Open(dir, logger, nil, opts, nil)
	if err != nil {
		return nil, err
	}
	db.DisableCompactions() // but for the one in Close
	reach := 2 * o.Interval
	return &DB{
		tsdb:    db,
		reach:   reach,
		carried: carried{db, scrapeInterval.Milliseconds(), reach.Milliseconds()},
		engine: promql.NewEngine(promql.EngineOpts{
			Logger:               logger,
			MaxSamples:           50e6,
			Timeout:              2 * time.Minute,
			LookbackDelta:        lookback,
			EnableAtModifier:     true,
			EnableNegativeOffset: true,
			NoStepSubqueryIntervalFn: func(int64) int64 {
				return scrapeInterval.Milliseconds()
			},
			Parser: parser.NewParser(parser.Options{}),
		}),
	}, nil
}

// blockRange is the time that a block holds at least. What is in no block yet is
// replayed whenever the database is opened, a dozen runs at most; cutting a block
// costs as much as that.
func blockRange(interval time.Duration) time.Duration { return max(30*time.Minute, 8*interval) }

// Close moves what is old enough into a block, forgets what is too old, and
// leaves the rest such that the next run opens it quickly.
func (d *DB) Close() error {
	if d.temp != "" {
		return d.discard()
	}
	err := errors.Join(d.tsdb.Compact(context.Background()), d.engine.Close(), d.tsdb.Close())
	if err != nil {
		return fmt.Errorf("close history: %w", err)
	}
	return nil
}

// Vector answers an instant query, as rules ask it.
func (d *DB) Vector(ctx context.Context, query string, at time.Time) (promql.Vector, error) {
	q, err := d.engine.NewInstantQuery(ctx, d.carried, nil, query, at)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	switch v := result.Value.(type) {
	case promql.Vector:
		return v, nil
	case promql.Scalar:
		return promql.Vector{{T: v.T, F: v.V}}, nil
	}
	return nil, fmt.Errorf("%s: neither a vector nor a number", query)
}

// Queryable is what Vector asks.
func (d *DB) Queryable() storage.Queryable { return d.carried }

// Reach is how long a sample holds if none follows.
func (d *DB) Reach() time.Duration { return d.reach }

// Appender writes samples; what it commits is there for the next query.
func (d *DB) Appender(ctx context.Context) storage.Appender { return d.tsdb.Appender(ctx) }

// warnings drops what servers tell of their starting and stopping.
func warnings(l *slog.Logger) *slog.Logger { return slog.New(warn{l.Handler()}) }

type warn struct{ slog.Handler }

func (w warn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

func (w warn) WithAttrs(attrs []slog.Attr) slog.Handler { return warn{w.Handler.WithAttrs(attrs)} }

func (w warn) WithGroup(name string) slog.Handler { return warn{w.Handler.WithGroup(name)} }
