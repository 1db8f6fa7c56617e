package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
)

// Serve has a server listen where the flags say until ctx ends. What is under
// way then is answered, within so long.
func Serve(ctx context.Context, server *http.Server, flags *web.FlagConfig, grace time.Duration, logger *slog.Logger) error {
	server.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe(server, flags, logger) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	logger.Info("shutting down")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// LandingPage is for people who come with a browser.
func LandingPage(name, description string, links ...web.LandingLinks) (http.Handler, error) {
	page, err := web.NewLandingPage(web.LandingConfig{
		Name: name, Description: description, Version: version.Info(), Profiling: "false", Links: links,
	})
	if err != nil {
		return nil, fmt.Errorf("landing page: %w", err)
	}
	return page, nil
}
