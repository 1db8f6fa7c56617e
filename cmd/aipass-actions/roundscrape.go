package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/events"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
)

// Labels of what is scraped, as deploy/prometheus/prometheus.yml has them: a
// history that a Prometheus goes on with has the same series.
const (
	scrapeJob      = "node"
	scrapeInstance = "localhost:9100"
)

// scrape is what a Prometheus would find now.
func (r *round) scrape() (history.Scrape, error) {
	now := r.host.look.Taken
	s := history.Scrape{Time: now, Job: scrapeJob, Instance: scrapeInstance}
	var page bytes.Buffer
	if err := actions.WriteMetrics(&page, r.begun()); err != nil {
		return s, err
	}
	s.Textfiles = []history.Textfile{
		{Path: r.textfilePath(look.MetricsFile), ModTime: now, Text: r.page.Bytes(), Sound: true},
		{Path: r.textfilePath(actions.MetricsFile), ModTime: now, Text: page.Bytes(), Sound: true},
	}
	others, err := r.otherTextfiles()
	s.Textfiles = append(s.Textfiles, others...)
	var disks bytes.Buffer
	diskErr := writeFilesystems(&disks, r.host.tree.Root(), r.dir)
	s.Host = disks.Bytes()
	return s, errors.Join(err, diskErr)
}

// begun is the state in which this run has come: the last one may be long ago, and
// that it did not come is over. What is counted of branches begins with zeros, or
// the first failure would be no increase.
func (r *round) begun() *actions.State {
	begun := *r.state
	if r.host.look.Registry.OK() {
		begun.Notifications.Register(names(r.host.look))
		begun.MailCleanup.Register(names(r.host.look))
	}
	if r.command != "" {
		begun.Events.Register(events.Names())
	}
	begun.Actions = maps.Clone(begun.Actions)
	begun.Begin(runJob, r.started, r.interval)
	if !r.skips(cleanupPart) {
		begun.Begin(cleanupJob, r.started, 0)
	}
	return &begun
}

// otherTextfiles are those of other programs, for somebody's own rules.
func (r *round) otherTextfiles() (files []history.Textfile, faults error) {
	if r.shared.textfile == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(r.shared.textfile, "*.prom"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if name := filepath.Base(path); name == look.MetricsFile || name == actions.MetricsFile {
			continue
		}
		info, err := os.Stat(path)
		if err == nil && !info.Mode().IsRegular() {
			continue
		}
		text, readErr := os.ReadFile(path)
		if err := errors.Join(err, readErr); err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		files = append(files, history.Textfile{Path: path, ModTime: info.ModTime(), Text: text})
	}
	return files, faults
}
