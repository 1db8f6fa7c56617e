// Package routing decides who is to be told of which alerts, from Alertmanager's
// own configuration and with Alertmanager's own packages, in runs from cron. What
// receivers were told is kept by the caller and taken up by the next run.
//
// A run sees all alerts at once and does not stay, so it waits for nothing: a new
// group is told of at once, whatever group_wait is. A group that was told of is
// looked at again by the first run after group_interval, and told of again after
// repeat_interval; half a minute early counts as in time, for cron does not come by
// the millisecond.
//
// The package returns what Alertmanager would post to webhooks, and sends only what
// it is asked to.
// There are no silences, for nobody stays to be told of one.
package routing

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/alertmanager/timeinterval"
	"github.com/prometheus/common/promslog"
)

// Options are what a configuration file does not say.
type Options struct {
	ExternalURL string       // where an Alertmanager would be; part of what is posted
	Logger      *slog.Logger // hears of templates that fail; nobody, if nil
}

// A Router is a configuration.
type Router struct {
	config    *config.Config
	root      *dispatch.Route
	names     map[*dispatch.Route]routeNames
	receivers map[string]config.Receiver
	times     *timeinterval.Intervener
	bare      *template.Template // knows no templates
	templates func() (*template.Template, error)
	logger    *slog.Logger
}

// Parse reads a configuration from text. Other files that it names are looked for
// in the working directory.
func Parse(text []byte, o Options) (*Router, error) {
	cfg, err := config.Load(string(text))
	if err != nil {
		return nil, fmt.Errorf("routing: %w", err)
	}
	return newRouter(cfg, o)
}

// Load reads a configuration file. Other files that it names are looked for in
// its directory.
func Load(path string, o Options) (*Router, error) {
	cfg, err := config.LoadFile(path)
	if err != nil {
		return nil, fmt.Errorf("routing file %s: %w", path, err)
	}
	return newRouter(cfg, o)
}

func newRouter(cfg *config.Config, o Options) (*Router, error) {
	external, err := url.Parse(o.ExternalURL)
	if err != nil {
		return nil, fmt.Errorf("external URL: %w", err)
	}
	if o.Logger == nil {
		o.Logger = promslog.NewNopLogger()
	}
	r := &Router{
		config:    cfg,
		root:      dispatch.NewRoute(cfg.Route, nil),
		receivers: map[string]config.Receiver{},
		times:     timeinterval.NewIntervener(intervals(cfg)),
		bare:      &template.Template{ExternalURL: external},
		logger:    o.Logger,
	}
	// Parsing Alertmanager's default templates takes longer than all the rest, and
	// few configurations use any.
	r.templates = sync.OnceValues(func() (*template.Template, error) {
		t, err := template.FromGlobs(cfg.Templates)
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		t.ExternalURL = external
		return t, nil
	})
	r.names = namesOf(r.root)
	for _, receiver := range cfg.Receivers {
		r.receivers[receiver.Name] = receiver
	}
	return r, nil
}

func intervals(cfg *config.Config) map[string][]timeinterval.TimeInterval {
	byName := map[string][]timeinterval.TimeInterval{}
	for _, i := range cfg.MuteTimeIntervals {
		byName[i.Name] = i.TimeIntervals
	}
	for _, i := range cfg.TimeIntervals {
		byName[i.Name] = i.TimeIntervals
	}
	return byName
}

// Routes are the receivers that an alert with these labels goes to, in order.
func (r *Router) Routes(labels map[string]string) []string {
	var names []string
	for _, route := range r.root.Match(labelSet(labels)) {
		names = append(names, route.RouteOpts.Receiver)
	}
	return names
}

// Webhooks are the URLs of a receiver, as they are before templates are filled in. One
// that cannot be read is not among them.
func (r *Router) Webhooks(receiver string) []string {
	var urls []string
	for _, hook := range r.receivers[receiver].WebhookConfigs {
		if url, err := address(hook); err == nil {
			urls = append(urls, url)
		}
	}
	return urls
}

// retention is how long Alertmanager remembers what it told, unless told otherwise.
const retention = 120 * time.Hour

var errNoURL = errors.New("the URL is empty")
