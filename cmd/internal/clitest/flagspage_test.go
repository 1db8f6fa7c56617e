package clitest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

func TestAFlagOfSeveralCommandsIsOneRowForEachDefault(t *testing.T) {
	t.Parallel()
	porter := cli.Program{Name: "porter", Commands: func(r cli.Room) {
		for _, c := range []struct{ name, pace string }{{"carry", "1m"}, {"fetch", "1m"}, {"rush", "1s"}} {
			r.App.Command(c.name, "Does.").Flag("pace", "A | B.").Default(c.pace).Duration()
		}
		carry := r.App.GetCommand("carry")
		carry.Flag("to", "Whom.").Required().PlaceHolder("A|B").Envar("TO").String()
		carry.Arg("thing", "What.").Required().String()
		carry.Arg("more", "What else.").Strings()
	}}
	want := "| command | what it does |\n|---|---|\n| `carry THING [MORE]` | Does. |\n| `fetch` | Does. |\n| `rush` | Does. |\n" +
		"\n| flag | default | commands | what it is |\n|---|---|---|---|\n" +
		"| `--help` |  | all | Show context-sensitive help (also try --help-long and --help-man). |\n" +
		"| `--pace` | `1m` | `carry`, `fetch` | A \\| B. |\n" +
		"| `--pace` | `1s` | `rush` | A \\| B. |\n" +
		"| `--to=A\\|B` |  | `carry` | Whom. Also `$TO`. Required. |\n" +
		"| `--version` |  | all | Show application version. |\n"
	if diff := cmp.Diff(want, flagsPage(porter.Model())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
