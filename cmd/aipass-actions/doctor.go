package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
	"github.com/aiosai/aipass-exporter/cmd/internal/look"
)

// doctorCommand is its name.
const doctorCommand = "doctor"

type doctorFlags struct {
	shared   *sharedFlags
	cron     *cronFlags
	desk     *deskFlags
	servers  doctor.Servers
	labels   map[string]string
	rules    []string
	skew     time.Duration
	sendTest string
	patience time.Duration
	asJSON   bool
	given    []givenFlag // on the command line
}

func addDoctor(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command(doctorCommand, "Prove step by step that what goes wrong will be heard of. Writes nothing, but with --send-test. Exit code 1 if a step is at fault.")
	f := &doctorFlags{shared: shared, cron: &cronFlags{shared: shared}, desk: addDeskFlags(cmd), labels: map[string]string{}}
	f.cron.addUser(cmd)
	f.addServers(cmd)
	cmd.Flag("label", "A label that alerts get on their way to Alertmanager, beside external_labels of the Prometheus that is asked, such as host=attic. Repeatable.").
		PlaceHolder("NAME=VALUE").StringMapVar(&f.labels)
	cmd.Flag("rules", "Rule files that Prometheus should have, or patterns of them; without it, those that this program brings along. Repeatable.").
		PlaceHolder("FILE").StringsVar(&f.rules)
	cmd.Flag("max-clock-skew", "How far the clocks of servers may be off.").Default("30s").DurationVar(&f.skew)
	cmd.Flag("send-test", "Send a synthetic alert to this branch, and wait until its mail is in the mailbox.").PlaceHolder("ROLE|@NAME").StringVar(&f.sendTest)
	cmd.Flag("send-test.timeout", "Longest wait for that mail; Alertmanager waits for its groups.").Default("10m").DurationVar(&f.patience)
	cmd.Flag("json", "Print the same as JSON.").BoolVar(&f.asJSON)
	cmd.PreAction(func(parsed *kingpin.ParseContext) error {
		f.given = givenFlags(parsed)
		return nil
	})
	r.Add(cmd, f.run)
}

// command is a command line with what was given of the flags that the command has.
func (f *doctorFlags) command(name string) string {
	app := f.shared.room.App
	path := strings.Fields(name)
	cmd := app.GetCommand(path[0])
	for _, word := range path[1:] {
		cmd = cmd.GetCommand(word)
	}
	words := append([]string{app.Name}, path...)
	for _, flag := range f.given {
		if app.GetFlag(flag.name) != nil || cmd.GetFlag(flag.name) != nil {
			words = append(words, doctor.Quote("--"+flag.name+"="+flag.value))
		}
	}
	return strings.Join(words, " ")
}

// addServers adds a flag for each daemon. Without it there is none.
func (f *doctorFlags) addServers(g cli.FlagGroup) {
	for _, server := range []struct {
		name, port string
		address    *string
	}{
		{"node-exporter", "9100", &f.servers.NodeExporter},
		{"prometheus", "9090", &f.servers.Prometheus},
		{"alertmanager", "9093", &f.servers.Alertmanager},
		{"webhook", "10148", &f.servers.Webhook},
	} {
		g.Flag(server.name+".url", "Where it is, if there is one, such as http://localhost:"+server.port+".").PlaceHolder("URL").StringVar(server.address)
	}
	g.Flag("token-file", "A file with the token that the webhook wants to hear.").PlaceHolder("FILE").StringVar(&f.servers.TokenFile)
}

func (f *doctorFlags) check() error {
	switch {
	case f.skew <= 0 || f.patience <= 0:
		return errors.New("--max-clock-skew and --send-test.timeout must be above 0, try --help")
	case f.servers.Check() != nil:
		return f.servers.Check()
	}
	if f.sendTest != "" {
		if err := f.shared.roles.Check(f.sendTest); err != nil {
			return fmt.Errorf("--send-test: %w", err)
		}
	}
	return f.desk.check()
}

func (f *doctorFlags) run(ctx context.Context) error {
	if err := f.check(); err != nil {
		return cli.Usage(err)
	}
	d, err := f.doctor()
	if err != nil {
		return err
	}
	report := doctorReport{Home: d.Tree.Root()}
	report.Steps = d.Examine(ctx)
	if f.sendTest != "" {
		report.Steps = append(report.Steps, f.test(ctx, d, report.Steps))
	}
	report.Healthy = doctor.Healthy(report.Steps)
	if err := f.write(report); err != nil {
		return err
	}
	if !report.Healthy {
		return cli.ErrSaid
	}
	return nil
}

func (f *doctorFlags) doctor() (*doctor.Doctor, error) {
	tree, err := f.shared.host.Tree()
	if err != nil {
		return nil, err
	}
	options, err := f.shared.mailbox()
	if err != nil {
		return nil, err
	}
	dir, err := f.cron.stateDir()
	if err != nil {
		return nil, err
	}
	rules, err := (&runFlags{rules: f.rules}).ruleSet(f.shared.newLogger())
	if err != nil {
		return nil, cli.Usage(err)
	}
	return &doctor.Doctor{
		Tree: tree, Mailbox: options, Roles: f.shared.roles, Timeout: f.shared.host.Timeout, Now: f.shared.now,
		Textfiles: f.shared.textfile, Files: []string{look.MetricsFile, actions.MetricsFile},
		Servers: f.servers, Labels: f.labels, Rules: rules.Names(), Skew: f.skew,
		Schedule: doctor.Schedule{Crontab: f.cron.crontab().Read, Block: blockName(dir), Machine: "/"},
		Jobs:     jobs(), State: dir, Command: f.command,
	}, nil
}
