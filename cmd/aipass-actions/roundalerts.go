package main

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerting"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/report"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
	"github.com/aiosai/aipass-exporter/internal/statefile"
)

// begin opens the history while the host is looked at.
func (r *round) begin() {
	if r.skips(evaluatePart) {
		return
	}
	r.evaluator = &alerting.Evaluator{
		History: filepath.Join(r.dir, alerting.Folder), Untouched: r.dryRun, Interval: r.interval, Logger: r.logger,
		Rules: func() (*rules.Set, error) { return r.ruleSet(r.logger) }, Ask: r.askRecent,
	}
	if !r.keepAll {
		r.evaluator.Asked = append(report.Queries(), recentQuery)
	}
	r.evaluator.Begin(r.started)
}

// end closes the history if it has not been used.
func (r *round) end() {
	if r.evaluator != nil {
		r.fault(evaluatePart, r.evaluator.End())
	}
}

// evaluate finds out what is wrong, by the alert rules, and tells of it.
func (r *round) evaluate(ctx context.Context) {
	if r.evaluator == nil || ctx.Err() != nil {
		return
	}
	memory, usable := r.recall()
	if !usable {
		return
	}
	scrape, err := r.scrape()
	if err != nil {
		r.fault(evaluatePart, err)
	}
	found, err := r.evaluator.Evaluate(ctx, memory.Rules, scrape)
	for _, f := range found.Faults {
		if alerting.IsSetAside(f) {
			r.logger.Warn("history is not usable, beginning a new one", "err", f)
			continue
		}
		r.fault(evaluatePart, f)
	}
	if err != nil {
		r.fault(evaluatePart, err)
		return
	}
	r.evaluated = true
	r.state.Alerts = actions.Alerts{Evaluated: scrape.Time, Firing: firing(found.Alerts)}
	r.report.alerts(found.Alerts)
	memory.Rules = found.State
	r.tell(ctx, &memory, found.Alerts)
	if !r.dryRun {
		r.fault(evaluatePart, memory.Save(r.memoryPath()))
	}
}

func (r *round) memoryPath() string { return filepath.Join(r.dir, alerting.File) }

// recall is what is known of alerts. What cannot be read may be fine, and must not
// be replaced.
func (r *round) recall() (memory alerting.Memory, usable bool) {
	var err error
	if r.dryRun {
		memory, err = alerting.Peek(r.memoryPath())
	} else {
		memory, err = alerting.Load(r.memoryPath())
	}
	if alerting.IsSetAside(err) || r.dryRun && errors.Is(err, statefile.ErrUnusable) {
		r.logger.Warn("what was known of alerts is not usable, they begin anew", "err", err)
		err = nil
	}
	r.fault(evaluatePart, err)
	return memory, err == nil
}

// firing are the alerts that fire, as the state has them.
func firing(found []engine.Alert) []actions.Alert {
	list := []actions.Alert{}
	for _, a := range found {
		if a.State == engine.Firing {
			list = append(list, actions.Alert{
				Name: a.Labels["alertname"], Branch: a.Labels["branch"], Severity: a.Labels["severity"], Recipient: a.Labels["recipient"],
				Description: a.Annotations["description"], Since: a.FiredAt.UTC(), Labels: ownLabels(a.Labels),
			})
		}
	}
	return list
}

// ownLabels are those that tell alerts of one name and branch apart: in a run, job
// and instance are all the same.
func ownLabels(all map[string]string) map[string]string {
	own := maps.Clone(all)
	for _, name := range [...]string{"alertname", "branch", "severity", "recipient", "job", "instance"} {
		delete(own, name)
	}
	return own
}

// tell tells whom the routing says.
func (r *round) tell(ctx context.Context, memory *alerting.Memory, found []engine.Alert) {
	if r.skips(notifyPart) {
		return
	}
	router, err := r.router(r.logger)
	if err != nil {
		r.untold = found
		r.fault(notifyPart, err)
		return
	}
	var tally actions.Tally
	desk, err := r.desk.desk(r.shared, r.host, &tally, func(err error) {
		r.logger.Error("history not kept, the mail is written", "err", err)
	})
	if err != nil {
		r.fault(notifyPart, err)
		return
	}
	teller := &alerting.Teller{Router: router, Desk: desk, Post: postNotice}
	if r.dryRun {
		teller.Whose = (&alerts.Desk{Tree: r.host.tree, Look: r.host.look, Roles: r.shared.roles}).Plan
		r.told(teller.Plan(ctx, memory.Routing, found, r.host.look.Taken), &tally)
		return
	}
	limited, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	telling := teller.Tell(limited, memory.Routing, found, r.host.look.Taken)
	memory.Routing = telling.State
	r.told(telling, &tally)
}

// deliveryTime is how long all notices may take: those that are left come again.
const deliveryTime = 5 * time.Minute

// told counts what was told, and says what was not.
func (r *round) told(telling *alerting.Telling, tally *actions.Tally) {
	for _, f := range telling.Faults {
		r.logger.Warn("routing is not served in full", "err", f)
	}
	r.untold = telling.Untold
	for _, n := range telling.Notices {
		r.mailed = r.mailed || mailsOf(n.Told)
		if n.Err != nil {
			r.failed = true
			r.logger.Error("notice not delivered whole, it is tried again at the next run",
				"receiver", n.Receiver, "group", n.GroupKey, "err", n.Err, "remedy", mailbox.Remedy(n.Err))
		}
	}
	_ = tally.Save(func(counted *actions.State) error {
		r.state.Count(counted)
		return nil
	})
	if r.host.look.Registry.OK() {
		r.state.Notifications.Register(names(r.host.look))
	}
	r.report.told(telling)
}

func postNotice(ctx context.Context, n *routing.Notification) error { return n.Post(ctx) }
