// Package rulefile reads Prometheus' rule files and promtool's tests of them, as
// far as this project writes such files, and finds out by Prometheus' own parser
// what is known of an expression before there is any data.
//
// It is for tests. It evaluates nothing: promtool does.
package rulefile

import (
	"fmt"
	"os"

	"go.yaml.in/yaml/v2"
)

// A File is a rule file.
type File struct {
	Groups []Group `yaml:"groups"`
}

// A Group is evaluated together.
type Group struct {
	Name  string `yaml:"name"`
	Rules []Rule `yaml:"rules"`
}

// A Rule is an alert or a recording rule.
type Rule struct {
	Record        string            `yaml:"record,omitempty"`
	Alert         string            `yaml:"alert,omitempty"`
	Expr          string            `yaml:"expr"`
	For           string            `yaml:"for,omitempty"`
	KeepFiringFor string            `yaml:"keep_firing_for,omitempty"`
	Labels        map[string]string `yaml:"labels,omitempty"`
	Annotations   map[string]string `yaml:"annotations,omitempty"`
}

// Name is that of the alert, or of the series that is recorded.
func (r Rule) Name() string { return r.Alert + r.Record }

// A TestFile is what promtool test rules reads.
type TestFile struct {
	RuleFiles          []string    `yaml:"rule_files"`
	EvaluationInterval string      `yaml:"evaluation_interval,omitempty"`
	Tests              []TestGroup `yaml:"tests"`
}

// A TestGroup is some series, and what comes of them.
type TestGroup struct {
	Name        string      `yaml:"name,omitempty"`
	Interval    string      `yaml:"interval,omitempty"`
	InputSeries []Series    `yaml:"input_series,omitempty"`
	AlertTests  []AlertTest `yaml:"alert_rule_test,omitempty"`
	ExprTests   []ExprTest  `yaml:"promql_expr_test,omitempty"`
}

// Series are the values of one series, in promtool's notation.
type Series struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

// An AlertTest says which alerts of a name fire at a time.
type AlertTest struct {
	EvalTime  string     `yaml:"eval_time"`
	Alertname string     `yaml:"alertname"`
	ExpAlerts []ExpAlert `yaml:"exp_alerts,omitempty"`
}

// An ExpAlert is an alert that fires.
type ExpAlert struct {
	Labels      map[string]string `yaml:"exp_labels"`
	Annotations map[string]string `yaml:"exp_annotations"`
}

// An ExprTest says what an expression gives at a time.
type ExprTest struct {
	Expr       string      `yaml:"expr"`
	EvalTime   string      `yaml:"eval_time"`
	ExpSamples []ExpSample `yaml:"exp_samples,omitempty"`
}

// An ExpSample is a sample that it gives.
type ExpSample struct {
	Labels string  `yaml:"labels"`
	Value  float64 `yaml:"value"`
}

// Read reads a rule file.
func Read(path string) (File, error) { return read[File](path) }

// ReadTests reads a file of tests.
func ReadTests(path string) (TestFile, error) { return read[TestFile](path) }

// Write writes either.
func Write[T File | TestFile](path string, f T) error {
	data, err := yaml.Marshal(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, data, 0o644)
}

func read[T File | TestFile](path string) (f T, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	if err := yaml.UnmarshalStrict(data, &f); err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}
