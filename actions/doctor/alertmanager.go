package doctor

import (
	"context"
	"slices"
)

// watchdog always fires, so that it can be missed.
const watchdog = "AIPassWatchdog"

// alertmanager asks whether what Prometheus finds arrives there.
func (p *patient) alertmanager(ctx context.Context) Step {
	if p.Servers.Alertmanager == "" {
		return skip("no daemon: --alertmanager.url is not given")
	}
	var firing []struct{}
	if err := p.getJSON(ctx, p.Servers.Alertmanager, "/api/v2/alerts?"+p.watchdogFilter(ctx), &firing); err != nil {
		return wrong("start Alertmanager, or correct --alertmanager.url", "it cannot be asked: %v", err)
	}
	switch {
	case p.Servers.Prometheus == "":
		return fine("it answers; without --prometheus.url it is not known who sends it alerts")
	case !slices.Contains(p.Rules, watchdog):
		return fine("it answers; the rules have no %s by which to tell whether alerts arrive", watchdog)
	case len(firing) == 0:
		return wrong("name it in alerting.alertmanagers of Prometheus, as in deploy/prometheus/prometheus.yml; if Prometheus has just begun, ask again in two minutes",
			"it does not hear of %s of this Prometheus, which always fires", watchdog)
	}
	return fine("it hears of %s, which always fires", watchdog)
}
