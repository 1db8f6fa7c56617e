package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v2"
)

// outerLabels are those that alerts get on their way to Alertmanager: Prometheus'
// external_labels. What was given stands for them, and beside them, for a
// Prometheus of many hosts has such labels of its targets.
func (p *patient) outerLabels(ctx context.Context) (map[string]string, error) {
	outer := map[string]string{}
	if p.Servers.Prometheus != "" {
		config, err := p.prometheusConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("external_labels of Prometheus: %w", err)
		}
		maps.Copy(outer, config.Global.ExternalLabels)
	}
	maps.Copy(outer, p.Labels)
	return outer, nil
}

// A prometheusConfig is what Prometheus does to all alerts that it sends.
type prometheusConfig struct {
	Global struct {
		ExternalLabels map[string]string `yaml:"external_labels"`
	}
	Alerting struct {
		Relabel []any `yaml:"alert_relabel_configs"`
	}
}

func (p *patient) prometheusConfig(ctx context.Context) (config prometheusConfig, err error) {
	var got struct{ Data struct{ YAML string } }
	if err := p.getJSON(ctx, p.Servers.Prometheus, "/api/v1/status/config", &got); err != nil {
		return config, err
	}
	if yaml.Unmarshal([]byte(got.Data.YAML), &config) != nil { // its error would show the configuration
		return config, errors.New("the configuration is not understood")
	}
	return config, nil
}

// watchdogFilter is for the watchdog of this host's Prometheus, as far as its
// labels tell it from others': which of them it has left after relabelling is not
// known here.
func (p *patient) watchdogFilter(ctx context.Context) string {
	filters := url.Values{"filter": {fmt.Sprintf("alertname=%q", watchdog)}}
	if p.Servers.Prometheus == "" {
		return filters.Encode()
	}
	config, err := p.prometheusConfig(ctx)
	if err != nil || len(config.Alerting.Relabel) > 0 {
		return filters.Encode()
	}
	for name, value := range config.Global.ExternalLabels {
		filters.Add("filter", fmt.Sprintf("%s=%q", name, value))
	}
	return filters.Encode()
}

// with shows labels behind what is said of an alert.
func with(labels map[string]string) string {
	var shown []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		shown = append(shown, fmt.Sprintf("%s=%q", name, labels[name]))
	}
	if len(shown) == 0 {
		return ""
	}
	return " with " + strings.Join(shown, ", ")
}
