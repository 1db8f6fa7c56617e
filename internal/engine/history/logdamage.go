package history

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/prometheus/prometheus/tsdb/wlog"
)

// logDamage finds damage in the logs of what is in no block yet, which Prometheus
// would repair by forgetting all that was written after it. Each run has a segment of
// its own; the last may be torn, by a run that was killed, and losing the rest of
// that one is all that the repair costs.
func logDamage(dir string) error {
	for _, name := range []string{"wal", "wbl"} {
		log := filepath.Join(dir, name)
		_, last, err := wlog.Segments(log)
		if errors.Is(err, fs.ErrNotExist) || err == nil && last < 1 {
			continue
		}
		if err == nil {
			err = readLog(wlog.SegmentRange{Dir: log, First: -1, Last: last - 1})
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", log, err)
		}
	}
	return nil
}

// readLog reads segments for their checksums.
func readLog(segments wlog.SegmentRange) error {
	all, err := wlog.NewSegmentsRangeReader(segments)
	if err != nil {
		return err
	}
	r := wlog.NewReader(all)
	for r.Next() {
	}
	return errors.Join(r.Err(), all.Close())
}
