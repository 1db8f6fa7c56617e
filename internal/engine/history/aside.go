package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// Open opens the database in dir, or makes one. One that is damaged, or that is
// from a future too far away, is set aside: the error is then a
// *statefile.SetAsideError, and the database returned is a new one. With any
// other error there is none.
func Open(dir string, now time.Time, o Options) (*DB, error) {
	o = o.withDefaults()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	db, damage := open(dir, o)
	if damage != nil && !ofFiles(damage) {
		return nil, fmt.Errorf("open history %s: %w", dir, damage)
	}
	if damage == nil {
		if damage = db.fromTheFuture(now, o.Retention); damage == nil {
			return db, nil
		}
		if err := errors.Join(db.engine.Close(), db.tsdb.Close()); err != nil {
			return nil, fmt.Errorf("close history: %w", err)
		}
	}
	aside, err := setAside(dir, now)
	if err != nil {
		return nil, fmt.Errorf("history %s: %w: %w", dir, damage, err)
	}
	db, err = open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("open a new history %s: %w", dir, err)
	}
	return db, &statefile.SetAsideError{Path: aside, Err: fmt.Errorf("history: %w", damage)}
}

// fromTheFuture says that the clock was set back by more than can be written
// before what is there.
func (d *DB) fromTheFuture(now time.Time, window time.Duration) error {
	newest := time.UnixMilli(d.tsdb.Head().MaxTime())
	if d.tsdb.Head().NumSeries() == 0 || !newest.After(now.Add(window)) {
		return nil
	}
	return fmt.Errorf("the newest sample is of %s: the clock was set back", newest.UTC().Format(time.RFC3339))
}

// setAside renames the database. Of those set aside earlier it keeps none: their
// samples can be had again by waiting, the space on the disk cannot.
func setAside(dir string, now time.Time) (string, error) {
	earlier, err := filepath.Glob(dir + ".corrupt-*")
	if err != nil {
		return "", err
	}
	for _, path := range earlier {
		if err := os.RemoveAll(path); err != nil {
			return "", err
		}
	}
	aside := fmt.Sprintf("%s.corrupt-%s", dir, now.UTC().Format("20060102T150405.000000000"))
	return aside, os.Rename(dir, aside)
}

// SetAside closes the database and sets it aside, for queries fail on it. The error
// says where it is now, if that is what became of it.
func (d *DB) SetAside(now time.Time, damage error) error {
	dir := d.tsdb.Dir()
	if err := errors.Join(d.engine.Close(), d.tsdb.Close()); err != nil {
		return fmt.Errorf("close history: %w", err)
	}
	aside, err := setAside(dir, now)
	if err != nil {
		return fmt.Errorf("history %s: %w: %w", dir, damage, err)
	}
	return &statefile.SetAsideError{Path: aside, Err: fmt.Errorf("history: %w", damage)}
}
