package routing

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/alertmanager/nflog"
	"github.com/prometheus/alertmanager/nflog/nflogpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// State is what the next run needs to know. It is kept as JSON.
type State struct {
	At     time.Time `json:"at"`
	Groups []Group   `json:"groups"`
	Told   []Told    `json:"told"`
}

// A Group is alerts that go to a receiver together.
type Group struct {
	Route   string            `json:"route"`
	Labels  map[string]string `json:"labels"`
	Flushed time.Time         `json:"flushed,omitzero"` // when its receiver was last told all there was
	Alerts  []Alert           `json:"alerts"`           // firing, or over and not told yet
}

// An Alert is one that fires, or fired.
type Alert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	StartsAt     time.Time         `json:"starts_at"`
	EndsAt       time.Time         `json:"ends_at,omitzero"`
	GeneratorURL string            `json:"generator_url,omitempty"`
}

// Told is what a receiver was told last of a group.
type Told struct {
	Receiver    string    `json:"receiver"`
	Integration int       `json:"integration"` // which of its webhooks
	GroupKey    string    `json:"group_key"`
	At          time.Time `json:"at"`
	Expires     time.Time `json:"expires"`
	Firing      []uint64  `json:"firing,omitempty"` // Alertmanager's hashes of the alerts
	Resolved    []uint64  `json:"resolved,omitempty"`
}

func (t Told) id() string {
	return t.Receiver + "\x00" + strconv.Itoa(t.Integration) + "\x00" + t.GroupKey
}

// setBack moves all times back with a clock that was set back: what was told an
// hour before the last run was told an hour before.
func (s State) setBack(now time.Time) State {
	back := s.At.Sub(now)
	if back <= 0 {
		return s
	}
	s.Groups, s.Told = slices.Clone(s.Groups), slices.Clone(s.Told)
	for i, g := range s.Groups {
		s.Groups[i].Flushed = earlier(g.Flushed, back)
		s.Groups[i].Alerts = slices.Clone(g.Alerts)
		for n, a := range g.Alerts {
			s.Groups[i].Alerts[n].StartsAt = earlier(a.StartsAt, back)
			s.Groups[i].Alerts[n].EndsAt = earlier(a.EndsAt, back)
		}
	}
	for i, t := range s.Told {
		s.Told[i].At, s.Told[i].Expires = earlier(t.At, back), earlier(t.Expires, back)
	}
	return s
}

func earlier(t time.Time, by time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-by)
}

// A log is Alertmanager's notification log, as far as it is asked here.
type log map[string]Told

func newLog(told []Told, now time.Time) log {
	l := log{}
	for _, t := range told {
		if t.Expires.After(now) {
			l[t.id()] = t
		}
	}
	return l
}

func (l log) all() []Told {
	all := []Told{}
	for _, id := range slices.Sorted(maps.Keys(l)) {
		all = append(all, l[id])
	}
	return all
}

// of is the log of one receiver and group. It answers whatever it is asked with
// the entry of those: the parameters of a query are Alertmanager's secret.
func (l log) of(t Told) entryLog {
	t, known := l[t.id()]
	return entryLog{t, known}
}

type entryLog struct {
	told  Told
	known bool
}

func (e entryLog) Query(...nflog.QueryParam) ([]*nflogpb.Entry, error) {
	if !e.known {
		return nil, nflog.ErrNotFound
	}
	return []*nflogpb.Entry{{
		GroupKey:       []byte(e.told.GroupKey),
		Timestamp:      timestamppb.New(e.told.At),
		FiringAlerts:   e.told.Firing,
		ResolvedAlerts: e.told.Resolved,
	}}, nil
}

// Log is not called: only what was delivered is written down, by Confirm.
func (e entryLog) Log(*nflogpb.Receiver, string, []uint64, []uint64, *nflog.Store, time.Duration) error {
	return nil
}
