package rulefile

import (
	"maps"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// Labels are what is known of the labels of some series.
type Labels struct {
	Has map[string]bool   // true if all of them have it, false if only some
	Is  map[string]string // where all that have it have one value
}

// narrowed is what matchers leave: a label that must not be empty is there.
func narrowed(s Labels, matchers []*labels.Matcher) Labels {
	s = Labels{maps.Clone(s.Has), maps.Clone(s.Is)}
	if s.Is == nil {
		s.Is = map[string]string{}
	}
	for _, m := range matchers {
		if !s.may(m.Name) {
			continue
		}
		if !m.Matches("") {
			s.Has[m.Name] = true
		}
		if m.Type == labels.MatchEqual {
			s.Is[m.Name] = m.Value
		}
	}
	return s
}

// may tells whether some have a label.
func (s Labels) may(label string) bool {
	_, has := s.Has[label]
	return has
}

// only is without the labels that are not to be kept.
func (s Labels) only(keep func(label string) bool) Labels {
	kept := Labels{map[string]bool{}, map[string]string{}}
	for label, always := range s.Has {
		if keep(label) {
			kept.Has[label] = always
		}
	}
	for label, value := range s.Is {
		if keep(label) {
			kept.Is[label] = value
		}
	}
	return kept
}

// with has labels of the other side in addition.
func (s Labels) with(other Labels, names []string) Labels {
	s = s.only(func(label string) bool { return !slices.Contains(names, label) })
	added := other.only(func(label string) bool { return slices.Contains(names, label) })
	maps.Copy(s.Has, added.Has)
	maps.Copy(s.Is, added.Is)
	return s
}

// either has what both have, and sometimes what one of them has.
func either(l, r Labels) Labels {
	s := Labels{map[string]bool{}, map[string]string{}}
	for _, side := range []Labels{l, r} {
		for label := range side.Has {
			s.Has[label] = l.Has[label] && r.Has[label]
		}
	}
	for label, value := range l.Is {
		if other, has := r.Is[label]; has && other == value {
			s.Is[label] = value
		}
	}
	return s
}
