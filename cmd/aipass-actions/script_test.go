package main

import (
	"context"
	"regexp"
	"testing"

	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "aipass-actions", main) }

// What the clock, chance and the build say differs from run to run and from
// machine to machine.
func TestScripts(t *testing.T) {
	t.Parallel()
	replace := func(pattern, with string) clitest.Replacement {
		return clitest.Replacement{Pattern: regexp.MustCompile(pattern), With: with}
	}
	clitest.RunScripts(t,
		replace(`\d{8}T\d{6}Z-[0-9a-f]{4}`, "RUN"),
		replace(`\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?Z?`, "DATE${1}TIME"),
		replace(`\d{4}-\d\d-\d\d`, "DATE"),
		replace(`\d{8}_\d{6}_`, "DATE_TIME_"),
		replace(`"notice": "[0-9a-f]{8}"`, `"notice": "ID"`),
		replace(`"id": "[0-9a-f]{8}"(,\s+"timestamp": "DATE TIME",\s+"from": "[^"]*",\s+"from_name": "Trigger")`, `"id": "ID"$1`),
		replace(`"message": "[0-9a-f]{8}"`, `"message": "ID"`),
		replace(`(?m)( delivered  +".* - +- +)[0-9a-f]{8}$`, "${1}ID"),
		replace(`(?m)^(aipass_actions_build_info)\{.*\} 1$`, "$1{...} 1"),
		replace(`(?m)^(aipass_(?:action_duration_seconds|action_\w+_timestamp_seconds)\{.*\}) .*$`, "$1 ..."),
		replace(`(?m)^(aipass_mailbox_lock_wait_seconds_(?:bucket\{le="[\d.]+"\}|sum)) .*$`, "$1 ..."),
	)
}

// A command line that makes no sense ends before anything is looked at.
func TestWrongCommandLines(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args []string
		want int
	}{
		"no command":               {nil, 2},
		"no such command":          {[]string{"tidy"}, 2},
		"no such flag":             {[]string{"cleanup", "--no-such-flag"}, 2},
		"an argument too many":     {[]string{"cleanup", "FLOW"}, 2},
		"no such home":             {[]string{"cleanup", "--aipass.home=/nowhere/at/all"}, 2},
		"no such zone":             {[]string{"cleanup", "--aipass.home=.", "--aipass.timezone=Europe/Berln"}, 2},
		"half a map":               {[]string{"undo", "--aipass.home=.", "--aipass.path-map=/home/aipass"}, 2},
		"no time for a look":       {[]string{"cleanup", "--aipass.home=.", "--timeout=0s"}, 2},
		"no time for a lock":       {[]string{"undo", "--aipass.home=.", "--mailbox.lock-timeout=0s"}, 2},
		"all new mail":             {[]string{"cleanup", "--aipass.home=.", "--stale-new=0s"}, 2},
		"mail of the future":       {[]string{"cleanup", "--aipass.home=.", "--stale-new=-48h"}, 2},
		"all opened mail":          {[]string{"cleanup", "--aipass.home=.", "--close-opened=0s"}, 2},
		"open since tomorrow":      {[]string{"cleanup", "--aipass.home=.", "--min-open=-1s"}, 2},
		"not a time":               {[]string{"cleanup", "--aipass.home=.", "--stale-new=two days"}, 2},
		"no journal":               {[]string{"cleanup", "--aipass.home=.", "--journal.keep=0s"}, 2},
		"going backwards":          {[]string{"cleanup", "--aipass.home=.", "--interval=-1h"}, 2},
		"no such output":           {[]string{"journal", "--output=xml"}, 2},
		"no such directory":        {[]string{"cleanup", "--aipass.home=.", "--textfile.directory=/nowhere/at/all"}, 2},
		"two runs to undo":         {[]string{"undo", "a", "b"}, 2},
		"a role of nobody's":       {[]string{"report", "--aipass.home=.", "--to=boss"}, 2},
		"no address":               {[]string{"report", "--recipient.assistant=assistant"}, 2},
		"no day":                   {[]string{"report", "--aipass.home=testdata/host", "--date=yesterday"}, 2},
		"a day to come":            {[]string{"report", "--aipass.home=testdata/host", "--date=2999-01-01"}, 2},
		"all mail is stale":        {[]string{"report", "--aipass.home=.", "--mail.stale-new=0s"}, 2},
		"waiting for the past":     {[]string{"report", "--output=mail", "--aipass.home=.", "--wait=-1s"}, 2},
		"no such part":             {[]string{"run", "--aipass.home=.", "--skip=cleanup,mail"}, 2},
		"no part":                  {[]string{"run", "--aipass.home=.", "--skip="}, 2},
		"runs going backwards":     {[]string{"run", "--aipass.home=.", "--interval=-1h"}, 2},
		"half a command":           {[]string{"run", "--aipass.home=.", "--event-command=fire 'it"}, 2},
		"no time for a command":    {[]string{"run", "--aipass.home=.", "--event-timeout=0s"}, 2},
		"a run that never reminds": {[]string{"run", "--aipass.home=.", "--remind=-1s"}, 2},
		"no host to run on":        {[]string{"run", "--aipass.home=/nowhere/at/all"}, 2},
		"nothing to catch up":      {[]string{"catch-up", "--aipass.home=.", "--stale-new=0s"}, 2},
		"no bound":                 {[]string{"webhook", "--aipass.home=.", "--web.max-body=0"}, 2},
		"always reminding":         {[]string{"webhook", "--aipass.home=.", "--remind=0s"}, 2},
		"no mail at all":           {[]string{"webhook", "--aipass.home=.", "--max-mails-per-hour=0"}, 2},
		"no ledger":                {[]string{"webhook", "--aipass.home=.", "--ledger.max-size=0"}, 2},
		"no token":                 {[]string{"webhook", "--aipass.home=.", "--token-file=/nowhere/at/all"}, 2},
		"no web config":            {[]string{"webhook", "--aipass.home=.", "--web.config.file=/nowhere/at/all"}, 2},
		"for nobody":               {[]string{"notify", "--aipass.home=.", "--subject=x"}, 2},
		"about nothing":            {[]string{"notify", "--aipass.home=.", "--to=@x"}, 2},
		"of no importance":         {[]string{"notify", "--aipass.home=.", "--to=@x", "--subject=x", "--priority=none"}, 2},
		"history of tomorrow":      {[]string{"history", "--since=-1h"}, 2},
		"no such level":            {[]string{"journal", "--log.level=loud"}, 2},
		"help":                     {[]string{"--help"}, 0},
		"help for a command":       {[]string{"cleanup", "--help"}, 0},
		"version":                  {[]string{"--version"}, 0},
		"no server":                {[]string{"doctor", "--aipass.home=.", "--prometheus.url=localhost:9090"}, 2},
		"no rules":                 {[]string{"doctor", "--aipass.home=.", "--rules=/nowhere/at/all"}, 2},
		"a test for nobody":        {[]string{"doctor", "--aipass.home=.", "--send-test=flow"}, 2},
		"no time for a test":       {[]string{"doctor", "--aipass.home=.", "--send-test.timeout=0s"}, 2},
		"no clock is right":        {[]string{"doctor", "--aipass.home=.", "--max-clock-skew=0s"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if len(row.args) > 0 {
				row.args = append(row.args, "--state.dir="+t.TempDir())
			}
			var out, errs clitest.Buffer
			got := program().Run(context.Background(), row.args, clitest.System(), &out, &errs)
			if got != row.want {
				t.Errorf("exit code %d, want %d\n%s", got, row.want, errs.String())
			}
			if said := errs.String() != ""; said != (row.want != 0) {
				t.Errorf("said %q", errs.String())
			}
		})
	}
}

// What a host is and where things are kept is said in the same way to all
// commands.
func TestEveryCommandTakesTheSharedFlags(t *testing.T) {
	t.Parallel()
	needed := map[string][]string{"notify": {"--to=@x", "--subject=x"}}
	for _, command := range []string{"cleanup", "undo", "journal", "webhook", "notify", "history", "report", "status", "catch-up", "run"} {
		for _, flag := range []string{
			"--aipass.home=/home/aipass", "--aipass.path-map=/home/aipass=/mnt", "--aipass.timezone=Europe/Berlin",
			"--state.dir=/var/lib/aipass", "--textfile.directory=" + t.TempDir(), "--timeout=10s", "--mailbox.lock-timeout=1s",
			"--log.level=warn", "--log.format=json", "--recipient.assistant=@a,@b", "--recipient.dev-central=@c",
		} {
			var out, errs clitest.Buffer
			args := append([]string{command, flag}, needed[command]...)
			if _, err := program().Parse(args, clitest.System(), &out, &errs); err != nil {
				t.Errorf("%s %s: %v", command, flag, err)
			}
		}
	}
}

func TestWhatWasDoneCanBeToldToPrograms(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"run", "cleanup", "undo", "journal", "history"} {
		var out, errs clitest.Buffer
		if _, err := program().Parse([]string{command, "--output=json"}, clitest.System(), &out, &errs); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
}
