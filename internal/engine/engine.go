// Package engine is what a run from cron has in place of a Prometheus and an
// Alertmanager that stay up: their own libraries, and what they remember kept
// between runs.
//
// history holds the samples, in a Prometheus TSDB; rules evaluates rule files;
// routing decides from Alertmanager's own configuration who is to be told what.
// The same files serve the daemons. What both know of an alert stands here.
//
// None of them knows mail, nor what the metrics mean. Nothing is sent from here
// unasked: the caller delivers, and says what was delivered.
package engine

import (
	"strconv"
	"time"
)

// States of an alert.
const (
	Pending  = "pending"
	Firing   = "firing"
	Resolved = "resolved" // at this evaluation or shortly before it
)

// An Alert is what an alerting rule says of one label set. It is kept as JSON
// from one run to the next.
type Alert struct {
	Rule            string            `json:"rule"`   // which one, among those of all files
	Labels          map[string]string `json:"labels"` // with alertname
	Annotations     map[string]string `json:"annotations,omitempty"`
	State           string            `json:"state"`
	Value           Value             `json:"value"`
	ActiveAt        time.Time         `json:"active_at"`                  // when its condition was first seen
	FiredAt         time.Time         `json:"fired_at,omitzero"`          // when it had lasted as long as "for" asks
	ResolvedAt      time.Time         `json:"resolved_at,omitzero"`       // when it was over
	KeepFiringSince time.Time         `json:"keep_firing_since,omitzero"` // since when it fires by "keep_firing_for" only
	GeneratorURL    string            `json:"generator_url,omitempty"`
}

// A Value is a sample's, kept as text: JSON has no NaN and no infinity.
type Value float64

// MarshalText writes as many digits as it takes.
func (v Value) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(v), 'g', -1, 64), nil
}

// UnmarshalText reads what MarshalText writes.
func (v *Value) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(string(text), 64)
	*v = Value(f)
	return err
}
