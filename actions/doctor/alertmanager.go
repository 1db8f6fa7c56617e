package doctor

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// watchdog always fires, so that it can be missed.
const watchdog = "AIPassWatchdog"

// alertmanager asks whether what Prometheus finds arrives there.
func (p *patient) alertmanager(ctx context.Context) Step {
	if p.Servers.Alertmanager == "" {
		return skip("skipped, no daemon: --alertmanager.url is not given")
	}
	var firing []struct{}
	if err := p.getJSON(ctx, p.Servers.Alertmanager, "/api/v2/alerts?filter="+url.QueryEscape(`alertname="`+watchdog+`"`), &firing); err != nil {
		return wrong("start Alertmanager, or correct --alertmanager.url", "it cannot be asked: %v", err)
	}
	switch {
	case p.Servers.Prometheus == "":
		return fine("it answers; without --prometheus.url it is not known who sends it alerts")
	case !slices.Contains(p.Rules, watchdog):
		return fine("it answers; the rules have no %s by which to tell whether alerts arrive", watchdog)
	case len(firing) == 0:
		return wrong("name it in alerting.alertmanagers of Prometheus, as in deploy/prometheus/prometheus.yml; if Prometheus has just begun, ask again in two minutes",
			"it does not hear of %s, which always fires", watchdog)
	}
	return fine("it hears of %s, which always fires", watchdog)
}

// routes asks Alertmanager for its configuration, and where that sends an alert
// for each recipient that the rules know.
func (p *patient) routes(ctx context.Context) Step {
	if p.Servers.Alertmanager == "" {
		return skip("skipped, no daemon: --alertmanager.url is not given")
	}
	const remedy = "give Alertmanager the routes and receivers of deploy/alertmanager/alertmanager.yml, and have it read them again"
	var status struct{ Config struct{ Original string } }
	if err := p.getJSON(ctx, p.Servers.Alertmanager, "/api/v2/status", &status); err != nil {
		return wrong("start Alertmanager, or correct --alertmanager.url", "it cannot be asked: %v", err)
	}
	router, err := routing.Parse([]byte(status.Config.Original), routing.Options{})
	if err != nil {
		return wrong(remedy, "its configuration is not understood: %v", err)
	}
	var ways []string
	for _, recipient := range [...]string{alerts.ToBranch, recipients.Assistant, recipients.DevCentral} {
		way, err := p.way(router, recipient)
		if err != nil {
			return wrong(remedy, "%v", err)
		}
		ways = append(ways, way)
	}
	return fine("%s", strings.Join(ways, ", "))
}

// way is where a synthetic alert for a recipient goes.
func (p *patient) way(router *routing.Router, recipient string) (string, error) {
	labels := syntheticLabels(syntheticName, "ANY", recipient)
	receivers := router.Routes(labels)
	for _, receiver := range receivers {
		if slices.ContainsFunc(router.Webhooks(receiver), p.isOurs) {
			return fmt.Sprintf("%s over receiver %s", recipient, receiver), nil
		}
	}
	return "", fmt.Errorf("alerts for %s go to %s, with no webhook of aipass-actions", recipient, list(receivers))
}

// hidden is how newer Alertmanagers show an address, which can be a secret.
const hidden = "<secret>"

// isOurs says whether an address of a webhook is one that the receiver knows, as
// far as Alertmanager shows it.
func (p *patient) isOurs(address string) bool {
	if address == hidden {
		return true
	}
	u, err := url.Parse(address)
	if err != nil || u.Path != webhook.AlertsPath {
		return false
	}
	to := u.Query().Get("to")
	return to == alerts.ToBranch || p.Roles.Check(to) == nil
}
