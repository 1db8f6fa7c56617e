package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	promcollectors "github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// defaultAddress: loopback, for the metrics name every branch of the host; a
// port outside 9100 to 9999, which the public list of exporters' ports has
// given out whole.
const defaultAddress = "127.0.0.1:10147"

// shutdownTime is how long a scrape under way may take to finish.
const shutdownTime = 10 * time.Second

// lookTime is below Prometheus' own scrape timeout of 10 s, so that a slow host
// gives a page that says so rather than none.
const lookTime = "9s"

func addServe(r cli.Room, newLogger func() *slog.Logger) {
	cmd := r.App.Command("serve", "Serve the metrics over HTTP; every scrape looks at the host.")
	host := addHostFlags(cmd, r.Sys, lookTime)
	flags := kingpinflag.AddFlags(cmd, defaultAddress)
	own := cmd.Flag("web.exporter-metrics", "Metrics of the exporter's process itself (go_*, process_*) as well.").Default("true").Bool()
	state := cmd.Flag("state.dir", "Remember here how far logs have been read, together with collect. Without it, log messages are counted from the start of this program on.").
		PlaceHolder("DIR").String()
	enabled, logs := addCollectorFlags(cmd), addLogFlags(cmd)
	r.Add(cmd, func(ctx context.Context) error {
		tree, err := host.Tree()
		if err != nil {
			return err
		}
		if err := outside(tree, *state); err != nil {
			return cli.Usage(err)
		}
		logger, faults, chosen := newLogger(), new(faultLog), enabled.chosen(host)
		counter, err := logs.counter(tree, host, chosen, *state, logger)
		if err != nil {
			return err
		}
		reg := newRegistry(*own, collectors.ExporterConfig{
			Snapshot: func(ctx context.Context) *aipass.Snapshot {
				s := tree.Snapshot(ctx)
				_ = counter.add(ctx, s) // which has been logged
				faults.report(s, logger)
				return s
			},
			Collectors: chosen,
			Timeout:    host.Timeout,
			Logger:     logger,
		})
		handler, err := newHandler(reg, logger)
		if err != nil {
			return err
		}
		return serve(ctx, handler, flags, logger)
	})
}

// newRegistry holds the exporter and, with own, what its process says of itself.
func newRegistry(own bool, config collectors.ExporterConfig) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewExporter(config))
	if own {
		reg.MustRegister(
			promcollectors.NewGoCollector(),
			promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{}))
	}
	return reg
}

// newHandler serves the metrics, a landing page and a health check.
func newHandler(reg *prometheus.Registry, logger *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelError),
		EnableOpenMetrics: true,
		CoalesceGather:    true, // overlapping scrapes share one look
	}))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "aipass-exporter is healthy.")
	})
	landing, err := cli.LandingPage("AIPass exporter", "Metrics of an AIPass host",
		web.LandingLinks{Address: "/metrics", Text: "Metrics"},
		web.LandingLinks{Address: "/-/healthy", Text: "Health"})
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /{$}", landing)
	return mux, nil
}

// serve runs until ctx ends and scrapes under way are answered.
func serve(ctx context.Context, handler http.Handler, flags *web.FlagConfig, logger *slog.Logger) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	return cli.Serve(ctx, server, flags, shutdownTime, logger)
}
