package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// routes asks Alertmanager for its configuration, and where that sends an alert
// for each recipient that the rules know.
func (p *patient) routes(ctx context.Context) Step {
	if p.Servers.Alertmanager == "" {
		return skip("no daemon: --alertmanager.url is not given")
	}
	var status struct{ Config struct{ Original string } }
	if err := p.getJSON(ctx, p.Servers.Alertmanager, "/api/v2/status", &status); err != nil {
		return wrong("start Alertmanager, or correct --alertmanager.url", "it cannot be asked: %v", err)
	}
	router, err := routing.Parse([]byte(status.Config.Original), routing.Options{})
	if err != nil {
		return wrong(remedyOfRoutes, "its configuration is not understood: %v", err)
	}
	outer, err := p.outerLabels(ctx)
	if err != nil {
		return skip("which labels alerts arrive with is not known: %v", err)
	}
	return p.ways(router, outer)
}

const remedyOfRoutes = "give Alertmanager the routes and receivers of deploy/alertmanager/alertmanager.yml, and have it read them again; " +
	"for one of several hosts name its label with --label, and the receiver in --webhook.url as Alertmanager does"

// ways are those of alerts for every recipient.
func (p *patient) ways(router *routing.Router, outer map[string]string) Step {
	var ways []string
	seen := true
	for _, recipient := range [...]string{alerts.ToBranch, recipients.Assistant, recipients.DevCentral} {
		receiver, known, err := p.way(router, syntheticLabels(syntheticName, "ANY", recipient, outer))
		if err != nil {
			return wrong(remedyOfRoutes, "alerts for %s%s go to %v", recipient, with(outer), err)
		}
		seen = seen && known
		ways = append(ways, fmt.Sprintf("%s over receiver %s", recipient, receiver))
	}
	said := strings.Join(ways, ", ") + with(outer)
	switch {
	case !seen:
		return skip("address hidden: %s, and Alertmanager does not show where that is; --send-test can tell", said)
	case p.Servers.Webhook == "":
		return fine("%s; without --webhook.url it is not known whether that is the receiver of this host", said)
	}
	return fine("%s", said)
}

// way is the receiver of ours that an alert with these labels comes to, and
// whether its address could be seen.
func (p *patient) way(router *routing.Router, labels map[string]string) (ours string, seen bool, err error) {
	receivers := router.Routes(labels)
	var why []string
	for _, receiver := range receivers {
		for _, address := range router.Webhooks(receiver) {
			if address == hidden {
				ours = receiver
				continue
			}
			other := p.otherThan(address, labels["recipient"])
			if other == "" {
				return receiver, true, nil
			}
			why = append(why, other)
		}
	}
	switch {
	case ours != "":
		return ours, false, nil
	case len(why) == 0:
		why = []string{"with no webhook of aipass-actions"}
	}
	slices.Sort(why)
	return "", false, fmt.Errorf("%s, %s", list(receivers), list(slices.Compact(why)))
}
