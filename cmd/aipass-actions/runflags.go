package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
	"github.com/aiosai/aipass-exporter/deploy/alertmanager"
	"github.com/aiosai/aipass-exporter/deploy/prometheus"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
	"github.com/aiosai/aipass-exporter/internal/engine/rules"
	"github.com/aiosai/aipass-exporter/internal/event"
)

// Parts of a run that can be skipped.
const (
	collectPart  = "collect"
	evaluatePart = "evaluate"
	notifyPart   = "notify"
	cleanupPart  = "cleanup"
	summaryPart  = "summary"
	centralPart  = "central"
)

func parts() []string {
	return []string{collectPart, evaluatePart, notifyPart, cleanupPart, summaryPart, centralPart}
}

type runFlags struct {
	*jobFlags
	shared     *sharedFlags
	desk       *deskFlags
	cleanup    *cleanupFlags
	collectors *look.CollectorFlags
	logs       look.LogFlags
	rules      []string
	routing    string
	keepAll    bool
	skip       []string
	command    string
	eventTime  time.Duration
	interval   time.Duration
	dryRun     bool
	output     *string
}

// add adds what is said of a run wherever one is made.
func (f *runFlags) add(cmd *kingpin.CmdClause) {
	f.cleanup.add(cmd)
	f.desk = addDeskFlags(cmd)
	f.collectors, f.logs = look.AddCollectorFlags(cmd), look.AddLogFlags(cmd)
	cmd.Flag("rules", "Prometheus' rule files, or patterns of them; without it, those that this program brings along. Repeatable.").
		PlaceHolder("FILE").StringsVar(&f.rules)
	cmd.Flag("alertmanager.config", "Alertmanager's configuration; without it, the one that this program brings along.").
		PlaceHolder("FILE").StringVar(&f.routing)
	cmd.Flag("history.all", "Keep every sample in the history. Without it, those that rules and the report ask for.").BoolVar(&f.keepAll)
	cmd.Flag("skip", "Parts to leave out: "+strings.Join(parts(), ", ")+", with commas between them. Repeatable.").
		PlaceHolder("PART,...").StringsVar(&f.skip)
	cmd.Flag("event-command", "Start this for each event of the run, with {event}, {fields} and {json} in it; without it, nothing.").
		PlaceHolder("COMMAND").StringVar(&f.command)
	cmd.Flag("event-timeout", "How long that may take, for each event.").Default(event.DefaultTimeout.String()).DurationVar(&f.eventTime)
}

func (f *runFlags) check() error {
	if err := f.jobFlags.check(); err != nil {
		return err
	}
	if err := f.cleanup.check(); err != nil {
		return err
	}
	if f.interval < 0 || f.eventTime <= 0 {
		return cli.Usage(errors.New("--interval must not be below 0, and --event-timeout be above, try --help"))
	}
	for _, part := range f.skipped() {
		if !slices.Contains(parts(), part) {
			return cli.Usage(fmt.Errorf("--skip: %q is none of %s", part, strings.Join(parts(), ", ")))
		}
	}
	if _, err := f.eventCommand(); err != nil {
		return cli.Usage(err)
	}
	return cli.Usage(f.desk.check())
}

// eventCommand is what events are told to, nil if nothing.
func (f *runFlags) eventCommand() (*event.Command, error) {
	if f.command == "" {
		return nil, nil
	}
	command, err := event.Parse(f.command)
	return &command, err
}

// skips says whether a part is left out.
func (f *runFlags) skips(part string) bool { return slices.Contains(f.skipped(), part) }

// skipped are the parts to leave out, as they were named.
func (f *runFlags) skipped() (named []string) {
	for _, list := range f.skip {
		for part := range strings.SplitSeq(list, ",") {
			named = append(named, strings.TrimSpace(part))
		}
	}
	return named
}

// ruleSet reads the rules.
func (f *runFlags) ruleSet(logger *slog.Logger) (*rules.Set, error) {
	files, names, err := f.ruleFiles()
	if err != nil {
		return nil, err
	}
	return rules.Load(files, names, rules.Options{Logger: logger})
}

func (f *runFlags) ruleFiles() (fs.FS, []string, error) {
	if len(f.rules) == 0 {
		names, err := fs.Glob(prometheus.Rules(), "rules/*.yml")
		return prometheus.Rules(), names, err
	}
	var names []string
	for _, pattern := range f.rules {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) == 0 {
			err = fs.ErrNotExist
		}
		if err != nil {
			return nil, nil, fmt.Errorf("--rules=%s: %w", pattern, err)
		}
		names = append(names, found...)
	}
	return anywhere{}, names, nil
}

// anywhere are all files, by paths as the command line has them.
type anywhere struct{}

func (anywhere) Open(name string) (fs.File, error) { return os.Open(name) }

// router reads the routing.
func (f *runFlags) router(logger *slog.Logger) (*routing.Router, error) {
	if f.routing == "" {
		return routing.Parse([]byte(alertmanager.Routing()), routing.Options{Logger: logger})
	}
	return routing.Load(f.routing, routing.Options{Logger: logger})
}
