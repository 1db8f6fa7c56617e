package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/client_golang/prometheus"
	promcollectors "github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"github.com/aiosai/aipass-exporter/collectors"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// defaultAddress: loopback, for the metrics name every branch of the host; a
// port that the public list of exporters' ports does not give to anybody.
const defaultAddress = "127.0.0.1:10147"

// shutdownTime is how long a scrape under way may take to finish.
const shutdownTime = 10 * time.Second

func addServe(app *kingpin.Application, host *hostFlags, _ io.Writer) (string, func(*slog.Logger) command) {
	cmd := app.Command("serve", "Serve the metrics over HTTP; every scrape looks at the host.")
	flags := kingpinflag.AddFlags(cmd, defaultAddress)
	path := cmd.Flag("web.telemetry-path", "Path under which the metrics are served.").Default("/metrics").String()
	own := cmd.Flag("web.exporter-metrics", "Metrics of the exporter's process itself (go_*, process_*) as well.").Default("true").Bool()
	return cmd.FullCommand(), func(logger *slog.Logger) command {
		return func(ctx context.Context) error {
			tree, err := host.tree()
			if err != nil {
				return err
			}
			handler, err := newHandler(*path, host.registry(tree, *own, logger), logger)
			if err != nil {
				return err
			}
			return serve(ctx, handler, flags, logger)
		}
	}
}

// registry holds the collectors of the host and, with own, of the process.
func (f *hostFlags) registry(tree aipass.Tree, own bool, logger *slog.Logger) *prometheus.Registry {
	faults := new(faultLog)
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewExporter(collectors.ExporterConfig{
		Snapshot:   tree.Snapshot,
		Collectors: f.collectors(),
		Timeout:    *f.timeout,
		Looked:     func(s *aipass.Snapshot) { faults.report(s, logger) },
		Logger:     logger,
	}))
	if own {
		reg.MustRegister(
			promcollectors.NewGoCollector(),
			promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{}))
	}
	return reg
}

// newHandler serves the metrics, a landing page and a health check.
func newHandler(path string, reg *prometheus.Registry, logger *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("GET "+path, promhttp.HandlerFor(reg, promhttp.HandlerOpts{
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelError),
		EnableOpenMetrics: true,
		CoalesceGather:    true, // overlapping scrapes share one look
	}))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "aipass-exporter is healthy.")
	})
	if path == "/" {
		return mux, nil
	}
	landing, err := web.NewLandingPage(web.LandingConfig{
		Name:        "AIPass exporter",
		Description: "Metrics of an AIPass host",
		Version:     version.Info(),
		Profiling:   "false",
		Links: []web.LandingLinks{
			{Address: path, Text: "Metrics"},
			{Address: "/-/healthy", Text: "Health"},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("landing page: %w", err)
	}
	mux.Handle("GET /{$}", landing)
	return mux, nil
}

// serve runs until ctx ends and scrapes under way are answered.
func serve(ctx context.Context, handler http.Handler, flags *web.FlagConfig, logger *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe(server, flags, logger) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	logger.Info("shutting down")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
