package doctor

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// nodeExporter asks the one that is configured whether it reads our textfiles,
// and not others of their names.
func (p *patient) nodeExporter(ctx context.Context) Step {
	if p.Servers.NodeExporter == "" {
		return skip("no daemon: --node-exporter.url is not given")
	}
	page, err := p.get(ctx, p.Servers.NodeExporter, "/metrics")
	if err != nil {
		return wrong("start node_exporter, or correct --node-exporter.url", "it cannot be asked: %v", err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(page))
	if err != nil {
		return wrong("see that --node-exporter.url is node_exporter's", "its page is not understood: %v", err)
	}
	if broken := families["node_textfile_scrape_error"].GetMetric(); len(broken) > 0 && value(broken[0]) != 0 {
		return wrong("aipass-exporter lint DIR, with the directory that node_exporter reads", "it cannot read all textfiles")
	}
	return p.reads(mtimes(families["node_textfile_mtime_seconds"]))
}

// mtimes are when the textfiles were written, by their paths.
func mtimes(family *dto.MetricFamily) map[string]time.Time {
	times := map[string]time.Time{}
	for _, m := range family.GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == "file" {
				times[l.GetValue()] = seconds(value(m))
			}
		}
	}
	return times
}

func value(m *dto.Metric) float64 {
	return m.GetGauge().GetValue() + m.GetUntyped().GetValue()
}

func seconds(s float64) time.Time { return time.Unix(int64(s), 0) }

// reads says whether these are our textfiles.
func (p *patient) reads(times map[string]time.Time) Step {
	for _, name := range p.Files {
		file, at, found := fileOf(times, name)
		if !found {
			return wrong(p.remedyOfUnread(times, name), "it reads no %s; it reads %d textfiles", name, len(times))
		}
		if ours, err := p.written(name); p.Textfiles != "" && err == nil && ours.Unix() != at.Unix() {
			return wrong(p.remedyOfOther(), "it reads another %s than ours: %s, of %s, and ours is of %s", name, file, shown(at), shown(ours))
		}
		if p.isOld(at) {
			return wrong(p.remedyOfOld(), "it reads %s of %s, and no run has written it since", name, shown(at))
		}
	}
	return fine("it reads %s", list(p.Files))
}

// remedyOfUnread tells a textfile that nobody has written from one that lies
// elsewhere.
func (p *patient) remedyOfUnread(times map[string]time.Time, name string) string {
	if _, err := p.written(name); p.Textfiles != "" && errors.Is(err, fs.ErrNotExist) {
		return p.command(runJob)
	}
	for _, other := range p.Files {
		if file, _, found := fileOf(times, other); found && p.Textfiles == "" {
			return p.command(runJob) + " " + Quote("--textfile.directory="+path.Dir(file))
		}
	}
	return p.remedyOfOther()
}

func (p *patient) remedyOfOther() string {
	if p.Textfiles == "" {
		return "start it with --collector.textfile.directory=DIR, the same as --textfile.directory"
	}
	return "start it with --collector.textfile.directory=" + Quote(p.Textfiles)
}

// fileOf finds a textfile by its name, wherever node_exporter has it.
func fileOf(times map[string]time.Time, name string) (file string, at time.Time, found bool) {
	for _, file := range slices.Sorted(maps.Keys(times)) {
		if path.Base(file) == name {
			return file, times[file], true
		}
	}
	return "", time.Time{}, false
}

func shown(t time.Time) string { return t.Local().Format(time.DateTime) }
