package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// newProgram has a command that ends with err.
func newProgram(err error) Program {
	return Program{Name: "porter", Help: "Carries.", Commands: func(r Room) {
		host := AddHostFlags(r.App, r.Sys, "1m")
		r.AddLogFlags()
		mail := r.App.Command("mail", "Letters.")
		r.Add(mail.Command("carry", "Carry them."), func(context.Context) error { return err })
		r.Add(r.App.Command("look", "Look at the host."), func(context.Context) error {
			tree, err := host.Tree()
			if err != nil {
				return err
			}
			location, err := host.Location()
			fmt.Fprintln(r.Stdout, tree.Root(), location)
			return err
		})
	}}
}

func run(t *testing.T, p Program, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	sys := System{Getenv: func(string) string { return "" }, WorkingDir: os.Getwd}
	code = p.Run(t.Context(), args, sys, &out, &errs)
	return code, out.String(), errs.String()
}

func TestErrorsBecomeExitCodes(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, row := range map[string]struct {
		err    error
		code   int
		stderr string
	}{
		"done":              {nil, 0, ""},
		"failed":            {broken, ExitFault, "porter: broken\n"},
		"said":              {ErrSaid, ExitFault, ""},
		"could not begin":   {Usage(broken), ExitUsage, "porter: broken\n"},
		"could, after all":  {Usage(nil), 0, ""},
		"could not, deeper": {fmt.Errorf("carry: %w", Usage(broken)), ExitUsage, "porter: broken\n"},
	} {
		code, stdout, stderr := run(t, newProgram(row.err), "mail", "carry")
		if code != row.code || stdout != "" || stderr != row.stderr {
			t.Errorf("%s: exit code %d, %q, %q; want %d, %q", name, code, stdout, stderr, row.code, row.stderr)
		}
	}
}

func TestHostFlagsOfAWholeProgram(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	code, stdout, stderr := run(t, newProgram(nil), "look", "--aipass.home="+home, "--aipass.timezone=Europe/Berlin")
	if want := home + " Europe/Berlin\n"; code != 0 || stdout != want {
		t.Errorf("exit code %d, %q, want %q\n%s", code, stdout, want, stderr)
	}
	for _, wrong := range []string{"--timeout=0s", "--aipass.timezone=", "--aipass.timezone=Nowhere", "--aipass.path-map=/a", "--aipass.home=/nowhere/at/all"} {
		code, stdout, stderr := run(t, newProgram(nil), "look", "--aipass.home="+home, wrong)
		if code != ExitUsage || stdout != "" || !strings.HasPrefix(stderr, "porter: ") {
			t.Errorf("%s: exit code %d, %q, %q", wrong, code, stdout, stderr)
		}
	}
}
