package actions

import (
	"path/filepath"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/metricspage"
)

func TestPageSaysWhatEveryMetricIs(t *testing.T) {
	t.Parallel()
	var families []metricspage.Family
	for _, f := range Families() {
		families = append(families, metricspage.Family{Name: f.Name, Help: f.Help, Type: f.Type, Labels: f.Labels})
	}
	metricspage.Check(t, metricspage.Read(t, filepath.Join("..", "docs", "metrics.md"), metricspage.Actions), families)
}
