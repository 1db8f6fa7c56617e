package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
		said, err := p.externalLabels(ctx)
		if err != nil {
			return nil, fmt.Errorf("external_labels of Prometheus: %w", err)
		}
		maps.Copy(outer, said)
	}
	maps.Copy(outer, p.Labels)
	return outer, nil
}

func (p *patient) externalLabels(ctx context.Context) (map[string]string, error) {
	var got struct{ Data struct{ YAML string } }
	if err := p.getJSON(ctx, p.Servers.Prometheus, "/api/v1/status/config", &got); err != nil {
		return nil, err
	}
	var config struct {
		Global struct {
			ExternalLabels map[string]string `yaml:"external_labels"`
		}
	}
	if yaml.Unmarshal([]byte(got.Data.YAML), &config) != nil { // its error would show the configuration
		return nil, errors.New("the configuration is not understood")
	}
	return config.Global.ExternalLabels, nil
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
