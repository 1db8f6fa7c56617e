package demoday

import (
	"context"
	"slices"

	"github.com/aiosai/aipass-exporter/internal/engine"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// Where the samples come from, as in the Prometheus configuration that the project
// ships, and what they are called in the textfile directory.
const (
	nodeTarget     = "localhost:9100"
	receiverTarget = "localhost:10148"
	textfiles      = "/var/lib/prometheus/node-exporter/"
)

// alerts are those of the host: a twin has a receiver of its own.
func (d *day) alerts() []engine.Alert {
	all := slices.Clone(d.rules.Alerts())
	return slices.DeleteFunc(all, func(a engine.Alert) bool { return d.twin != "" && a.Labels["instance"] == d.twin })
}

func (d *day) scrape(ctx context.Context) error {
	page, err := d.receiver.page()
	if err != nil {
		return err
	}
	node := history.Scrape{Job: "node", Instance: nodeTarget, Textfiles: []history.Textfile{d.exporter.textfile, d.actions.textfile}}
	receiver := history.Scrape{Job: "aipass-actions", Instance: receiverTarget, Host: page}
	scrapes := []history.Scrape{node, receiver}
	if d.twin != "" {
		node.Instance, receiver.Instance = d.twin, d.twin
		scrapes = append(scrapes, node, receiver)
	}
	for _, s := range scrapes {
		s.Time = d.now
		faults, err := d.history.Scrape(ctx, s)
		if err != nil {
			return err
		}
		if len(faults) > 0 {
			return faults[0]
		}
	}
	return nil
}
