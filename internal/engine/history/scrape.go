package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
)

// A Scrape is what a Prometheus would get from node_exporter.
type Scrape struct {
	Time          time.Time
	Job, Instance string
	Textfiles     []Textfile
	// Host is, in the text format, what else node_exporter would say of the host.
	Host []byte
	// Wanted is what is kept of the textfiles and of Host; nil is all of it.
	Wanted *Selection
}

// A Textfile is one in node_exporter's textfile directory.
type Textfile struct {
	Path    string
	ModTime time.Time
	Text    []byte
	// Sound says that the text can be parsed, as far as the caller knows.
	Sound bool
}

// Scrape writes the samples of a scrape, and that series of the last one that are
// not among them are no more. A textfile that cannot be parsed costs its own
// samples and is, as with node_exporter, said in node_textfile_scrape_error;
// the faults name it.
//
// The samples are those of the moment before s.Time: that tells them from what
// rules write, which are evaluated after the scrape.
func (d *DB) Scrape(ctx context.Context, s Scrape) (faults []error, err error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	w := writer{
		app:     d.tsdb.Appender(ctx),
		t:       s.Time.UnixMilli() - 1,
		host:    labels.FromStrings("instance", s.Instance, "job", s.Job),
		wanted:  s.Wanted,
		seen:    make(map[uint64]struct{}, d.tsdb.Head().NumSeries()),
		builder: labels.NewBuilder(labels.EmptyLabels()),
	}
	last := make(chan lastScrape, 1)
	go func() { last <- d.lastScrape(ctx, w.t, w.host) }()
	broken := 0.0
	for _, f := range s.Textfiles {
		if err := w.text(f.Text, f.Sound); err != nil {
			faults = append(faults, fmt.Errorf("textfile %s: %w", f.Path, err))
			broken = 1
			continue
		}
		w.say(labels.FromStrings("__name__", "node_textfile_mtime_seconds", "file", f.Path), float64(f.ModTime.Unix()))
	}
	if err := w.text(s.Host, false); err != nil {
		faults = append(faults, fmt.Errorf("metrics of the host: %w", err))
	}
	w.say(labels.FromStrings("__name__", "node_textfile_scrape_error"), broken)
	w.say(labels.FromStrings("__name__", "up"), 1)
	before := <-last
	for _, series := range before.series {
		w.over(series, 0)
	}
	if err := w.commit(before.err); err != nil {
		return nil, fmt.Errorf("scrape: %w", err)
	}
	return faults, nil
}

// A writer appends the samples of one scrape. What cannot be appended at all is
// in err; a sample that is there already is not written again.
type writer struct {
	app    storage.Appender
	t      int64
	host   labels.Labels
	wanted *Selection
	seen   map[uint64]struct{} // hashes of the series written
	err    error

	builder *labels.Builder // of a scrape's labels
}

// text writes a text whole, or nothing of it; of one that was thought to be sound
// and is not, what precedes the fault.
func (w *writer) text(text []byte, sound bool) error {
	if !sound {
		if err := eachSample(text, nil, func(labels.Labels, float64) {}); err != nil {
			return err
		}
	}
	return eachSample(text, w.wanted, w.add)
}

// eachSample leaves out samples that are surely not wanted.
func eachSample(text []byte, wanted *Selection, do func(labels.Labels, float64)) error {
	p := textparse.NewPromParser(text, labels.NewSymbolTable(), false)
	var l labels.Labels
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		if series, _, v := p.Series(); wanted.mayHave(series) {
			p.Labels(&l)
			do(l, v)
		}
	}
}

// add writes a sample with the labels that a scrape gives it, if it is wanted; its
// own of these names give way.
func (w *writer) add(l labels.Labels, v float64) {
	if l = w.scraped(l); w.wanted.has(l) {
		w.write(l, v)
	}
}

// say writes what a scrape says of itself.
func (w *writer) say(l labels.Labels, v float64) { w.write(w.scraped(l), v) }

func (w *writer) write(l labels.Labels, v float64) {
	w.seen[l.Hash()] = struct{}{}
	w.append(l, v)
}

func (w *writer) scraped(l labels.Labels) labels.Labels {
	b := w.builder
	b.Reset(l)
	w.host.Range(func(target labels.Label) {
		if own := l.Get(target.Name); own != "" {
			b.Set("exported_"+target.Name, own)
		}
		b.Set(target.Name, target.Value)
	})
	return b.Labels()
}

func (w *writer) append(l labels.Labels, v float64) {
	if _, err := w.app.Append(0, l, w.t, v); err != nil && !written(err) && w.err == nil {
		w.err = err
	}
}

// over writes that a series is no more, unless it was written.
func (w *writer) over(l labels.Labels, _ int64) {
	if _, there := w.seen[l.Hash()]; !there {
		w.append(l, math.Float64frombits(value.StaleNaN))
	}
}

// commit writes all, or nothing if there was an error.
func (w *writer) commit(err error) error {
	if err = errors.Join(err, w.err); err != nil {
		return errors.Join(err, w.app.Rollback())
	}
	return w.app.Commit()
}

// written says that there is such a sample already, or that it is too late for one.
func written(err error) bool {
	return errors.Is(err, storage.ErrDuplicateSampleForTimestamp) ||
		errors.Is(err, storage.ErrOutOfOrderSample) ||
		errors.Is(err, storage.ErrTooOldSample)
}

// A lastScrape is the series that the scrape before has found: those that are not
// in this one are gone.
type lastScrape struct {
	series []labels.Labels
	err    error
}

func (d *DB) lastScrape(ctx context.Context, t int64, target labels.Labels) (found lastScrape) {
	var host []*labels.Matcher
	target.Range(func(l labels.Label) {
		host = append(host, labels.MustNewMatcher(labels.MatchEqual, l.Name, l.Value))
	})
	up := append(slices.Clip(host), labels.MustNewMatcher(labels.MatchEqual, "__name__", "up"))
	last := int64(math.MinInt64)
	found.err = d.lastSamples(ctx, t-d.seen().Milliseconds(), t-1, up, func(_ labels.Labels, t int64) { last = max(last, t) })
	if found.err == nil && last != math.MinInt64 {
		found.err = d.lastSamples(ctx, last, last, host, func(l labels.Labels, _ int64) { found.series = append(found.series, l) })
	}
	return found
}
