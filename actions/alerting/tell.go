package alerting

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// A Teller tells of the alerts of a run whoever is to know.
type Teller struct {
	Router *routing.Router
	// Desk gets what is for a receiver of this program, wherever its URL says that
	// it is.
	Desk ledger.Desk
	// Whose says whose mailboxes that would be, for a plan; nil if nobody asks.
	Whose func(context.Context, alerts.Notification, string) ([]alerts.Told, error)
	// Post gets what is for others.
	Post func(context.Context, *routing.Notification) error
}

// A Notice is a notification, and what became of it.
type Notice struct {
	*routing.Notification
	Mail bool          // it is for the desk; else it is posted
	To   string        // whom it asks for there
	Told []alerts.Told // what became of its alerts there
	Err  error         // why it, or a part of it, did not arrive: it comes again
}

// A Telling is what a run had to tell.
type Telling struct {
	Notices []*Notice // in the order of the routing
	State   routing.State
	// Faults are what cannot be told to some receivers, and notices that did not come
	// about.
	Faults []error
	// Untold fire and are in nobody's mail: their routes lead to no mailbox, or the
	// mail could not be written. What is inhibited or muted is not among them.
	Untold []engine.Alert
}

// Plan finds what is to be told, and whom, and tells nobody.
func (t *Teller) Plan(ctx context.Context, was routing.State, found []engine.Alert, now time.Time) *Telling {
	_, telling := t.plan(was, found, now)
	for _, n := range telling.Notices {
		if message, err := alerts.Parse(n.Body); err == nil && n.Mail && t.Whose != nil {
			n.Told, n.Err = t.Whose(ctx, message, n.To)
		}
	}
	return telling
}

func (t *Teller) plan(was routing.State, found []engine.Alert, now time.Time) (*routing.Pass, *Telling) {
	pass, err := t.Router.Route(was, found, now)
	telling := &Telling{Faults: t.Router.Unserved()}
	if err != nil {
		telling.Faults = append(telling.Faults, err)
	}
	for _, n := range pass.Notifications {
		telling.Notices = append(telling.Notices, newNotice(n))
	}
	telling.Untold = t.untold(telling.Notices, found)
	return pass, telling
}

// Tell tells it. What did not arrive comes again at the next run.
func (t *Teller) Tell(ctx context.Context, was routing.State, found []engine.Alert, now time.Time) *Telling {
	pass, telling := t.plan(was, found, now)
	t.deliver(ctx, telling.Notices)
	for _, n := range telling.Notices {
		if n.Err == nil {
			pass.Confirm(n.Notification)
		}
	}
	telling.State = pass.State()
	telling.Untold = t.untold(telling.Notices, found)
	return telling
}

// parallel is how many notices are delivered at a time. That is mostly waiting.
const parallel = 32

func (t *Teller) deliver(ctx context.Context, notices []*Notice) {
	var workers sync.WaitGroup
	free := make(chan struct{}, parallel)
	for _, n := range notices {
		free <- struct{}{}
		workers.Go(func() {
			defer func() { <-free }()
			n.Told, n.Err = t.deliverOne(ctx, n)
		})
	}
	workers.Wait()
}

func (t *Teller) deliverOne(ctx context.Context, n *Notice) ([]alerts.Told, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !n.Mail {
		return nil, t.Post(ctx, n.Notification)
	}
	message, err := alerts.Parse(n.Body)
	if err != nil {
		return nil, err
	}
	return t.Desk.Accept(ctx, message, n.To)
}

func newNotice(n *routing.Notification) *Notice {
	u, err := url.Parse(n.URL)
	if err != nil || u.Path != webhook.AlertsPath {
		return &Notice{Notification: n}
	}
	return &Notice{Notification: n, Mail: true, To: u.Query().Get("to")}
}

// untold finds the alerts that fire and have no mail.
func (t *Teller) untold(notices []*Notice, found []engine.Alert) (untold []engine.Alert) {
	failed := map[string]bool{}
	for _, n := range notices {
		if !n.Mail || n.Err == nil {
			continue
		}
		message, err := alerts.Parse(n.Body)
		if err != nil {
			continue
		}
		for _, a := range message.Alerts {
			failed[key(a.Labels)] = true
		}
	}
	for _, a := range found {
		if a.State == engine.Firing && (failed[key(a.Labels)] || !t.reachesDesk(a.Labels)) {
			untold = append(untold, a)
		}
	}
	return untold
}

// reachesDesk says whether a route of the alert leads to a mailbox.
func (t *Teller) reachesDesk(labels map[string]string) bool {
	return slices.ContainsFunc(t.Router.Routes(labels), func(receiver string) bool {
		return slices.ContainsFunc(t.Router.Webhooks(receiver), func(address string) bool {
			address, _, _ = strings.Cut(address, "?") // a template may follow
			u, err := url.Parse(address)
			return err == nil && u.Path == webhook.AlertsPath
		})
	})
}

// key is the same for the same labels.
func key(labels map[string]string) string {
	labels = maps.Clone(labels)
	maps.DeleteFunc(labels, func(_, value string) bool { return value == "" })
	text, _ := json.Marshal(labels) // strings always can be
	return string(text)
}
