package textfile

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
)

// style runs promlint over the families of a file.
func style(families []*family) []Finding {
	var findings []Finding
	for _, f := range families {
		if len(f.series) == 0 {
			continue
		}
		m := &dto.Metric{}
		for name := range f.labels {
			m.Label = append(m.Label, &dto.LabelPair{Name: new(name)})
		}
		typ := dto.MetricType(dto.MetricType_value[strings.ToUpper(f.typ)])
		mf := &dto.MetricFamily{Name: &f.name, Help: f.help, Type: &typ, Metric: []*dto.Metric{m}}
		for _, p := range styleProblems(map[string]*dto.MetricFamily{f.name: mf}) {
			p.Line = f.line
			findings = append(findings, p)
		}
	}
	return findings
}

// styleProblems runs promlint over one sample of each family: it looks at names
// only, and compares every sample with every other, which takes too long for
// thousands and is done here already.
func styleProblems(families map[string]*dto.MetricFamily) []Finding {
	samples := make([]*dto.MetricFamily, 0, len(families))
	for _, mf := range families {
		samples = append(samples, &dto.MetricFamily{
			Name: mf.Name, Help: mf.Help, Type: mf.Type, Metric: mf.Metric[:1],
		})
	}
	problems, err := promlint.NewWithMetricFamilies(samples).Lint()
	if err != nil {
		return nil // only reading fails, and there is nothing to read
	}
	var findings []Finding
	for _, p := range problems {
		findings = append(findings, Finding{Metric: p.Metric, Effect: Style, Message: p.Text})
	}
	return findings
}
