package routing

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
)

// Unserved are the receivers that routes lead to and that would be told in a way
// that a run cannot, each with its remedy. What they would be told is not lost to
// other receivers.
func (r *Router) Unserved() []error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(r.routed())) {
		receiver := r.receivers[name]
		if others := integrations(receiver); len(others) > 0 {
			errs = append(errs, fmt.Errorf(
				"receiver %s: %s: a run delivers to webhooks only; give it webhook_configs, or let an Alertmanager serve it",
				name, strings.Join(others, ", ")))
		}
		for i, w := range receiver.WebhookConfigs {
			if w.Payload != nil {
				errs = append(errs, fmt.Errorf("receiver %s: webhook_configs[%d]: payload is not used: a run delivers what Alertmanager posts without", name, i))
			}
		}
	}
	return errs
}

// routed are the names of the receivers that routes lead to.
func (r *Router) routed() map[string]bool {
	names := map[string]bool{}
	r.root.Walk(func(route *dispatch.Route) { names[route.RouteOpts.Receiver] = true })
	return names
}

// integrations are those that a receiver has beside webhooks, as its file calls
// them: whatever Alertmanager has, or will have.
func integrations(receiver config.Receiver) []string {
	var names []string
	v := reflect.ValueOf(receiver)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if strings.HasSuffix(name, "_configs") && name != "webhook_configs" && v.Field(i).Len() > 0 {
			names = append(names, name)
		}
	}
	return names
}
