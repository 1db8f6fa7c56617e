package doctor

import (
	"context"
	"slices"
)

// rules asks whether Prometheus has those that are given, and can evaluate them.
func (p *patient) rules(ctx context.Context) Step {
	if p.Servers.Prometheus == "" {
		return skip("no daemon: --prometheus.url is not given")
	}
	var got struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
	}
	if err := p.getJSON(ctx, p.Servers.Prometheus, "/api/v1/rules", &got); err != nil {
		return wrong("start Prometheus, or correct --prometheus.url", "it cannot be asked: %v", err)
	}
	loaded := map[string]bool{}
	for _, g := range got.Data.Groups {
		for _, r := range g.Rules {
			loaded[r.Name] = true
			if r.Health == "err" && slices.Contains(p.Rules, r.Name) {
				return wrong("see Prometheus' page of rules", "%s cannot be evaluated: %s", r.Name, answer{body: []byte(r.LastError)}.words())
			}
		}
	}
	missing := slices.DeleteFunc(slices.Clone(p.Rules), func(name string) bool { return loaded[name] })
	if len(missing) > 0 {
		return wrong("name the rule files in rule_files, see that promtool check config likes them, and have Prometheus read them again",
			"%d of %d rules are not loaded: %s", len(missing), len(p.Rules), list(missing))
	}
	return fine("all %d are loaded", len(p.Rules))
}
