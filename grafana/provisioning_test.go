package grafana

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v2"
)

func parseYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(read(t, path), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Grafana expands what is in the environment, here the folder that it was told.
func TestProvisioningFindsTheDashboards(t *testing.T) {
	t.Parallel()
	var config struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Folder, Type string
			AllowUIUpdates     bool `yaml:"allowUiUpdates"`
			DisableDeletion    bool `yaml:"disableDeletion"`
			Options            struct{ Path string }
		}
	}
	parseYAML(t, "provisioning/dashboards/aipass.yml", &config)
	if len(config.Providers) != 1 || config.Providers[0].Type != "file" || config.Providers[0].AllowUIUpdates {
		t.Fatalf("got %+v, want one provider of files that are changed nowhere else", config.Providers)
	}
	dir := os.Expand(config.Providers[0].Options.Path, func(name string) string {
		return map[string]string{"GF_PATHS_PROVISIONING": "provisioning"}[name]
	})
	found, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(found) != len(dashboards(t)) {
		t.Errorf("%s: found %q, %v", dir, found, err)
	}
}

// Grafana takes every file below the folder that ends so for a dashboard.
func TestNothingElseLooksLikeADashboard(t *testing.T) {
	t.Parallel()
	below, err := filepath.Glob("*/*.json")
	if err != nil || len(below) > 0 {
		t.Errorf("found %q, %v", below, err)
	}
}

func TestRatesAreReckonedWithPrometheusInterval(t *testing.T) {
	t.Parallel()
	var source struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct {
			Name, UID, Type, Access, URL string
			JSONData                     struct {
				HTTPMethod   string `yaml:"httpMethod"`
				TimeInterval string `yaml:"timeInterval"`
			} `yaml:"jsonData"`
		}
	}
	parseYAML(t, "provisioning/datasources/aipass.yml", &source)
	var prometheus struct {
		Global struct {
			ScrapeInterval string `yaml:"scrape_interval"`
		}
	}
	if err := yaml.Unmarshal(read(t, "../deploy/prometheus/prometheus.yml"), &prometheus); err != nil {
		t.Fatal(err)
	}
	got, want := source.Datasources[0].JSONData.TimeInterval, prometheus.Global.ScrapeInterval
	if len(source.Datasources) != 1 || source.Datasources[0].Type != chosen.Type || got != want {
		t.Errorf("got %+v, want one Prometheus that is scraped every %s", source.Datasources, want)
	}
}
