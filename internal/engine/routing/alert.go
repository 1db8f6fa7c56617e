package routing

import (
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/common/model"

	"github.com/aiosai/aipass-exporter/internal/engine"
)

// fromRule is the alert as Prometheus would send it.
func fromRule(a engine.Alert) *alert.Alert {
	return fromState(Alert{a.Labels, a.Annotations, a.FiredAt, time.Time{}, a.GeneratorURL})
}

func fromState(a Alert) *alert.Alert {
	return &alert.Alert{Alert: model.Alert{
		Labels: labelSet(a.Labels), Annotations: labelSet(a.Annotations),
		StartsAt: a.StartsAt, EndsAt: a.EndsAt, GeneratorURL: a.GeneratorURL,
	}}
}

func toState(a *alert.Alert) Alert {
	return Alert{plain(a.Labels), plain(a.Annotations), a.StartsAt, a.EndsAt, a.GeneratorURL}
}

// A label without a value is no label.
func labelSet(labels map[string]string) model.LabelSet {
	set := model.LabelSet{}
	for name, value := range labels {
		if value != "" {
			set[model.LabelName(name)] = model.LabelValue(value)
		}
	}
	return set
}

func plain(set model.LabelSet) map[string]string {
	labels := map[string]string{}
	for name, value := range set {
		labels[string(name)] = string(value)
	}
	return labels
}

// timeless are the alerts as Alertmanager's stages want them: those that are over
// have long been so. They ask this machine's clock, which need not be the one by
// which the alerts ended.
func timeless(alerts []*alert.Alert) []*alert.Alert {
	all := make([]*alert.Alert, len(alerts))
	for i, a := range alerts {
		copied := *a
		if !a.EndsAt.IsZero() {
			copied.EndsAt = time.Unix(0, 1)
		}
		all[i] = &copied
	}
	return all
}
