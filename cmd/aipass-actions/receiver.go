package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	promcollectors "github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/exporter-toolkit/web"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A receiver is the webhook's handler and what follows the mail.
type receiver struct {
	shared     *sharedFlags
	tree       aipass.Tree
	mailbox    mailbox.Options
	metrics    *webhook.Metrics
	tally      actions.Tally
	logger     *slog.Logger
	handler    *webhook.Handler
	afterwards *webhook.Chore
	// mailed says that the central count is behind.
	mailed atomic.Bool
	// unsaved is the fault that keeps counts from being saved, as it was logged.
	unsaved string
}

func (f *webhookFlags) newReceiver(logger *slog.Logger) (*receiver, error) {
	tree, options, err := f.shared.openMail()
	if err != nil {
		return nil, err
	}
	state := f.shared.peekState()
	if err := (host{tree: tree}).mayUse(&state); err != nil {
		return nil, err
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(promcollectors.NewGoCollector(), promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{}))
	r := &receiver{shared: f.shared, tree: tree, mailbox: options, metrics: webhook.NewMetrics(reg), logger: logger}
	r.mailbox.Observer = observer{&r.tally, r.metrics}
	desk, err := f.desk.desk(f.shared, host{tree: tree, mailbox: r.mailbox}, &r.tally, r.ledgerFault)
	if err != nil {
		return nil, err
	}
	landing, err := newLandingPage()
	if err != nil {
		return nil, err
	}
	mailboxes := &webhook.Mailboxes{Tree: tree, Mailbox: options, Roles: f.shared.roles}
	r.handler = webhook.New(webhook.Config{
		Desk:  following{desk, r.follow},
		Token: f.tokenOf(), MaxBody: int64(f.maxBody), Ready: mailboxes.Check, Landing: landing,
		Gatherer: reg, Metrics: r.metrics, Logger: logger,
	})
	r.afterwards = webhook.NewChore(r.catchUp)
	r.afterwards.Ask() // for the zeros to count from
	return r, nil
}

func newLandingPage() (http.Handler, error) {
	return cli.LandingPage("aipass-actions webhook", "Makes mail of alerts",
		web.LandingLinks{Address: "/metrics", Text: "Metrics"},
		web.LandingLinks{Address: "/-/healthy", Text: "Health"},
		web.LandingLinks{Address: "/-/ready", Text: "Readiness"})
}

// observer tells the state and the receiver's own metrics.
type observer struct {
	*actions.Tally
	metrics *webhook.Metrics
}

func (o observer) LockWaited(wait time.Duration) {
	o.Tally.LockWaited(wait)
	o.metrics.LockWaited(wait)
}

// following is a desk whose outcomes somebody follows up.
type following struct {
	ledger.Desk
	follow func([]alerts.Told)
}

func (d following) Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	told, err := d.Desk.Accept(ctx, n, to)
	d.follow(told)
	return told, err
}

func (r *receiver) ledgerFault(err error) {
	r.metrics.LedgerFault()
	r.logger.Error("history not kept, the mail is written", "err", err)
}

func (r *receiver) follow(told []alerts.Told) {
	for _, t := range told {
		if t.Outcome != alerts.Duplicate && t.Outcome != alerts.Failed {
			r.mailed.Store(true)
		}
	}
	r.afterwards.Ask()
}

// catchUp brings up to date what follows the mail.
func (r *receiver) catchUp() {
	ctx, cancel := context.WithTimeout(context.Background(), r.shared.host.Timeout)
	defer cancel()
	h := host{r.tree, r.tree.Snapshot(ctx), r.mailbox}
	if !h.look.Registry.OK() {
		return // which every notification says in the log; the counts wait
	}
	if r.mailed.Swap(false) {
		h.countAllCentrally(ctx, nil, r.logger)
	}
	r.saveCounts(ctx, h)
}

// saveTime is how long to wait for a run that has the state.
const saveTime = 10 * time.Second

// saveCounts adds what has been counted to the state. A fault that lasts is
// logged once.
func (r *receiver) saveCounts(ctx context.Context, h host) {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	err := r.tally.Save(func(counted *actions.State) error { return r.shared.addCounts(ctx, h, counted, r.logger) })
	switch {
	case err == nil:
		r.unsaved = ""
	case errors.Is(err, errBusy):
		r.afterwards.Ask()
	case err.Error() != r.unsaved:
		r.logger.Warn("counts not saved, they are kept for the next time", "err", err)
		r.unsaved = err.Error()
	}
}
