package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// prometheus asks whether the textfile that lies there has come that far.
func (p *patient) prometheus(ctx context.Context) Step {
	if p.Servers.Prometheus == "" {
		return skip("no daemon: --prometheus.url is not given")
	}
	name := p.Files[0]
	query := fmt.Sprintf("node_textfile_mtime_seconds{file=~%q}", "(.*/)?"+regexp.QuoteMeta(name))
	known, err := p.query(ctx, query)
	if err != nil {
		return wrong("start Prometheus, or correct --prometheus.url", "it cannot be asked: %v", err)
	}
	if len(known) == 0 {
		return wrong("let it scrape node_exporter, by scrape_configs as in deploy/prometheus/prometheus.yml", "it has never seen %s, or not lately", name)
	}
	last := seconds(slices.Max(known))
	ours, err := p.written(name)
	if p.isOld(last) {
		return wrong(p.remedyOfOld(), "it has seen %s of %s, and nothing since", name, shown(last))
	}
	if p.Textfiles == "" || err != nil {
		return fine("it has seen %s, of %s", name, shown(last))
	}
	if slices.ContainsFunc(known, func(v float64) bool { return seconds(v).Unix() == ours.Unix() }) {
		return fine("it has seen %s, of %s", name, shown(ours))
	}
	return p.notSeen(ctx, query, name, ours)
}

// notSeen tells a scrape that is still to come from one that saw something else.
func (p *patient) notSeen(ctx context.Context, query, name string, ours time.Time) Step {
	scrapes, err := p.query(ctx, "timestamp("+query+")")
	if err != nil || len(scrapes) == 0 {
		return wrong("see why Prometheus has lost it", "it has seen %s and no longer does", name)
	}
	if last := seconds(slices.Max(scrapes)); !last.After(ours) {
		return fine("it last scraped at %s, before %s was written anew", shown(last), name)
	}
	return wrong("let it scrape the node_exporter of this host", "it sees another %s than ours, which is of %s", name, shown(ours))
}

// query is what an instant vector has for values now.
func (p *patient) query(ctx context.Context, query string) ([]float64, error) {
	var got struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := p.getJSON(ctx, p.Servers.Prometheus, "/api/v1/query?query="+url.QueryEscape(query), &got); err != nil {
		return nil, err
	}
	var values []float64
	for _, sample := range got.Data.Result {
		text, _ := sample.Value[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, errors.New("what it answers to a query is not understood")
		}
		values = append(values, v)
	}
	return values, nil
}
