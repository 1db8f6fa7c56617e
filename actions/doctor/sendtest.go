package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// A Test sends a synthetic alert to a branch, and looks for the mail.
type Test struct {
	*Doctor
	// To is an address, or a role.
	To string
	// Desk is the way without an Alertmanager.
	Desk ledger.Desk
	// Patience bounds the wait: Alertmanager waits for its groups.
	Patience time.Duration

	to    *aipass.Branch
	outer map[string]string // labels that alerts get on their way
}

// Run sends the alert on its way and waits until its mail lies in the mailbox.
// Then the alert is over, so that a mail about nothing else, which nobody has opened, closes itself.
func (t *Test) Run(ctx context.Context, found []Step) Step {
	step := t.run(ctx, found)
	step.Name = "test"
	return step
}

// Failed is a test that could not begin.
func (t *Test) Failed(err error) Step {
	step := wrong("see what it says", "%v", err)
	step.Name = "test"
	return step
}

func (t *Test) run(ctx context.Context, found []Step) Step {
	for _, s := range found {
		switch s.Name {
		case "host", "routes", "webhook", "state": // without which it can only fail
			if s.Result == Fault {
				return skip("%s is at fault, see there first", s.Name)
			}
		}
	}
	look, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	var err error
	if t.to, err = t.Roles.Find(t.Tree.Addresses().Snapshot(look), t.To); err != nil {
		return wrong("name an address that is in the registry", "%v", err)
	}
	if _, err := t.has(look, ""); err != nil {
		return wrong(mailbox.Remedy(err), "the mailbox of %s cannot be used: %v", t.to.Name, err)
	}
	if t.Servers.Alertmanager == "" {
		return t.through(ctx, t.overDesk)
	}
	p := &patient{Doctor: t.Doctor, dates: map[string]reading{}}
	if t.outer, err = p.outerLabels(ctx); err != nil {
		return wrong("correct --prometheus.url, or leave it out and name the labels that it adds with --label", "which labels alerts arrive with is not known: %v", err)
	}
	return t.through(ctx, p.overAlertmanager)
}

// A way takes an alert, with its status, to where mail is made of it.
type way func(ctx context.Context, s *synthetic, status string) error

// through sends the alert one way, and ends it whatever becomes of it.
func (t *Test) through(ctx context.Context, send way) Step {
	waiting, cancel := context.WithTimeout(ctx, t.Patience)
	defer cancel()
	alert := newSynthetic(t.to.Name, t.outer, t.Now(), t.Patience)
	begun := time.Now()
	taken := send(waiting, alert, firing)
	var arrived error
	if taken == nil {
		arrived = t.await(waiting, alert.name())
	}
	took := time.Since(begun)
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), t.Timeout)
	defer stop()
	alert.EndsAt = t.Now().UTC()
	ended := send(last, alert, resolved)
	switch {
	case taken != nil:
		return wrong("see what it says, and the steps above", "the alert was not taken: %v", taken)
	case arrived != nil:
		return wrong("see the logs of Alertmanager and of aipass-actions webhook, and "+t.command("history")+"; groups wait for group_wait and group_interval, so give --send-test.timeout more",
			"no mail of %s in the mailbox of %s after %v: %v", alert.name(), t.to.Name, took.Round(time.Millisecond), arrived)
	case ended != nil:
		return wrong("close the mail by hand", "the mail of %s has arrived, and the alert could not be ended: %v", alert.name(), ended)
	}
	step := fine("the mail of %s is in the mailbox of %s, after %v; the alert is over now, and a mail about nothing else closes itself, unless somebody opens it first",
		alert.name(), t.to.Name, took.Round(time.Millisecond))
	step.Took = took.Seconds()
	return step
}

func (t *Test) overDesk(ctx context.Context, s *synthetic, status string) error {
	_, err := t.Desk.Accept(ctx, s.notification(status), alerts.ToBranch)
	return err
}

// overAlertmanager posts it as Prometheus does, which says with the time alone
// whether it is over.
func (p *patient) overAlertmanager(ctx context.Context, s *synthetic, _ string) error {
	body, err := json.Marshal([]*synthetic{s})
	if err != nil {
		return err
	}
	a, err := p.ask(ctx, http.MethodPost, p.Servers.Alertmanager, "/api/v2/alerts", string(body), "Content-Type", "application/json")
	if err == nil && a.code != http.StatusOK {
		err = fmt.Errorf("answer %d of Alertmanager: %s", a.code, a.words())
	}
	return err
}
