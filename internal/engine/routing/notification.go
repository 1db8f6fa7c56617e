package routing

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/nflog/nflogpb"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/notify/webhook"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/common/model"
)

// A Notification is what Alertmanager would post to a webhook.
type Notification struct {
	Receiver    string
	Integration int // which of its webhooks
	URL         string
	GroupKey    string
	GroupLabels map[string]string
	Reason      string
	Firing      int
	Resolved    int
	Body        []byte // version 4 of Alertmanager's webhook message, in JSON

	group     *group
	hook      *webhook.WebhookConfig
	told      Told
	delivered bool
}

// notification is what a webhook is to be told of these alerts of a group, nil if
// nothing.
func (r *Router) notification(p *Pass, g *group, hook *webhook.WebhookConfig, integration int, alerts []*alert.Alert) (*Notification, error) {
	opts := g.route.RouteOpts
	told := Told{
		Receiver: opts.Receiver, Integration: integration, GroupKey: g.key(),
		At: p.now, Expires: p.now.Add(min(retention, 2*opts.RepeatInterval)),
	}
	ctx := notify.WithGroupKey(context.Background(), g.key())
	ctx = notify.WithReceiverName(ctx, opts.Receiver)
	ctx = notify.WithGroupLabels(ctx, g.labels)
	ctx = notify.WithRepeatInterval(ctx, opts.RepeatInterval)
	ctx = notify.WithNow(ctx, p.now.Add(early))
	dedup := notify.NewDedupStage(hook, p.log.of(told), &nflogpb.Receiver{})
	ctx, news, err := dedup.Exec(ctx, r.logger, timeless(alerts)...)
	if err != nil || len(news) == 0 {
		return nil, err
	}
	told.Firing, _ = notify.FiringAlerts(ctx)
	told.Resolved, _ = notify.ResolvedAlerts(ctx)
	if !hook.SendResolved() {
		if alerts = firing(alerts); len(alerts) == 0 {
			p.log[told.id()] = told // that they are over is noted, and nobody told
			return nil, nil
		}
	}
	n := &Notification{
		Receiver: opts.Receiver, Integration: integration, GroupKey: g.key(), GroupLabels: plain(g.labels),
		Firing: len(firing(alerts)), group: g, hook: hook, told: told,
	}
	n.Resolved = len(alerts) - n.Firing
	if err := r.write(ctx, n, hook, alerts); err != nil {
		return nil, err
	}
	return n, nil
}

func firing(alerts []*alert.Alert) []*alert.Alert {
	var all []*alert.Alert
	for _, a := range alerts {
		if a.EndsAt.IsZero() {
			all = append(all, a)
		}
	}
	return all
}

// write makes the message and finds out where it goes.
func (r *Router) write(ctx context.Context, n *Notification, hook *webhook.WebhookConfig, alerts []*alert.Alert) error {
	tmpl, err := r.template(n.group, hook)
	if err != nil {
		return err
	}
	routeLabels, err := r.routeLabels(tmpl, n.group, alerts)
	if err != nil {
		return err
	}
	ctx = notify.WithRouteLabels(ctx, routeLabels)
	sent := alerts
	if hook.MaxAlerts > 0 {
		sent = alerts[:min(uint64(len(alerts)), hook.MaxAlerts)]
	}
	data := notify.GetTemplateData(ctx, tmpl, timeless(sent), r.logger)
	for i, a := range sent {
		data.Alerts[i].EndsAt = a.EndsAt
	}
	n.Reason = data.NotificationReason
	if n.URL, err = target(hook, tmpl, data); err != nil {
		return err
	}
	n.Body, err = json.Marshal(webhook.Message{
		Version: "4", Data: data, GroupKey: n.GroupKey, TruncatedAlerts: uint64(len(alerts) - len(sent)),
	})
	return err
}

// template knows templates if some can be in use.
func (r *Router) template(g *group, hook *webhook.WebhookConfig) (*template.Template, error) {
	if len(g.route.RouteOpts.Labels) == 0 && !strings.Contains(string(hook.URL), "{{") && hook.URLFile == "" {
		return r.bare, nil
	}
	return r.templates()
}

func (r *Router) routeLabels(tmpl *template.Template, g *group, alerts []*alert.Alert) (model.LabelSet, error) {
	opts := g.route.RouteOpts
	labels := model.LabelSet{}
	if len(opts.Labels) == 0 {
		return labels, nil
	}
	render := tmpl.RouteLabelRenderer(tmpl.Data(opts.Receiver, g.labels, opts.Labels, notify.ReasonUnknown.String(), timeless(alerts)...))
	for name := range opts.Labels {
		value, err := render(string(name))
		if err != nil {
			return nil, fmt.Errorf("route label %s: %w", name, err)
		}
		labels[name] = model.LabelValue(value)
	}
	return labels, nil
}

// target is the webhook's URL.
func target(hook *webhook.WebhookConfig, tmpl *template.Template, data *template.Data) (string, error) {
	url, err := address(hook)
	if err != nil {
		return "", err
	}
	if strings.Contains(url, "{{") {
		if url = notify.TmplText(tmpl, data, &err)(url); err != nil {
			return "", fmt.Errorf("url: %w", err)
		}
	}
	if url == "" {
		return "", errNoURL
	}
	return url, nil
}

// address is what the configuration says of it.
func address(hook *webhook.WebhookConfig) (string, error) {
	if hook.URLFile == "" {
		return string(hook.URL), nil
	}
	text, err := os.ReadFile(hook.URLFile)
	if err != nil {
		return "", fmt.Errorf("url_file: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
