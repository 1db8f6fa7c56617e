package demoday

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"golang.org/x/sync/errgroup"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A receiver is aipass-actions webhook with an Alertmanager before it.
type receiver struct {
	router   *routing.Router
	told     routing.State
	handler  http.Handler
	registry *prometheus.Registry
	observer observer
	posted   time.Time // when something was last posted
}

// observer tells the state and the receiver's own metrics of the locks.
type observer struct {
	*actions.Tally
	metrics *webhook.Metrics
}

func (o observer) LockWaited(wait time.Duration) {
	o.Tally.LockWaited(wait)
	o.metrics.LockWaited(wait)
}

func newReceiver(tree aipass.Tree, config, dir string, now func() time.Time) (*receiver, error) {
	r := &receiver{registry: prometheus.NewRegistry()}
	r.observer = observer{new(actions.Tally), webhook.NewMetrics(r.registry)}
	var err error
	if r.router, err = routing.Load(config, routing.Options{}); err != nil {
		return nil, err
	}
	mail := mailbox.Options{Location: time.UTC, Now: now, Observer: r.observer}
	roles := recipients.Roles{recipients.Assistant: {"@assistant"}, recipients.DevCentral: {"@dev_central"}}
	book := &ledger.Ledger{Path: filepath.Join(dir, ledger.File), MaxSize: 1 << 20}
	r.handler = webhook.New(webhook.Config{
		Desk: &ledger.Keeper{
			Desk:   &alerts.Desk{Tree: tree, Mailbox: mail, Roles: roles, Remind: 24 * time.Hour, MaxMails: 12, Now: now},
			Ledger: book, Tally: r.observer.Tally, Now: now,
			Fault: func(error) { r.observer.metrics.LedgerFault() },
		},
		MaxBody: 1 << 20, Gatherer: r.registry, Metrics: r.observer.metrics, Logger: slog.New(slog.DiscardHandler),
		Ready:   func(context.Context) error { return nil },
		Landing: http.NotFoundHandler(),
	})
	return r, nil
}

// deliver posts what Alertmanager would of these alerts, and all at once, as it
// does.
func (r *receiver) deliver(ctx context.Context, all []engine.Alert, now time.Time) error {
	pass, err := r.router.Route(r.told, all, now)
	if err != nil {
		return err
	}
	var posts errgroup.Group
	for _, n := range pass.Notifications {
		to, err := url.Parse(n.URL)
		if err != nil {
			return err
		}
		if to.Path == webhook.AlertsPath {
			r.posted = now
			posts.Go(func() error { return r.post(ctx, to, n.Body) })
		}
		pass.Confirm(n)
	}
	r.told = pass.State()
	return posts.Wait()
}

func (r *receiver) post(ctx context.Context, to *url.URL, body []byte) error {
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, request)
	switch answer.Code {
	case http.StatusOK, http.StatusServiceUnavailable: // the latter is said in the metrics
		return nil
	}
	return fmt.Errorf("post to %s: %d %s", to, answer.Code, answer.Body)
}

// lastSuccess is by the machine's clock, which is not that of the day.
const lastSuccess = "aipass_webhook_last_success_timestamp_seconds"

// page is what the receiver says of itself.
func (r *receiver) page() ([]byte, error) {
	families, err := r.registry.Gather()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	var errs []error
	for _, f := range families {
		if f.GetName() == lastSuccess {
			f.Metric[0].Gauge.Value = new(float64(r.posted.Unix()))
		}
		_, err := expfmt.MetricFamilyToText(&text, f)
		errs = append(errs, err)
	}
	return text.Bytes(), errors.Join(errs...)
}
