package crontab

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

func put(t *testing.T, table, name string, lines ...string) string {
	t.Helper()
	table, err := Put(table, Block{name, lines})
	must(t, err)
	return table
}

func TestABlockGoesBehindWhatIsThere(t *testing.T) {
	t.Parallel()
	got := put(t, "# mine\n@daily true\n", "a", "PATH=/bin", "@hourly x")
	want := "# mine\n@daily true\n# BEGIN a\nPATH=/bin\n@hourly x\n# END a\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if again := put(t, got, "a", "PATH=/bin", "@hourly x"); again != got {
		t.Errorf("twice: -want +got:\n%s", cmp.Diff(got, again))
	}
	block, err := Get(got, "a")
	must(t, err)
	if want := "# BEGIN a\nPATH=/bin\n@hourly x\n# END a\n"; block != want {
		t.Errorf("it is %q, want %q", block, want)
	}
}

func TestABlockIsReplacedWhereItStands(t *testing.T) {
	t.Parallel()
	two := put(t, put(t, "@daily true\n", "a", "1"), "b", "2")
	if diff := cmp.Diff("@daily true\n# BEGIN a\n3\n# END a\n# BEGIN b\n2\n# END b\n", put(t, two, "a", "3")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What a block sets would hold for what follows.
func TestABlockMovesBehindLinesThatCameLater(t *testing.T) {
	t.Parallel()
	table := put(t, "@daily true\n", "a", "PATH=/bin") + "# late\n@weekly later\n"
	if diff := cmp.Diff("@daily true\n# late\n@weekly later\n# BEGIN a\nPATH=/bin\n# END a\n", put(t, table, "a", "PATH=/bin")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestABlockThatIsNotThereIsNotTakenOut(t *testing.T) {
	t.Parallel()
	table := put(t, "@daily true\n", "a b", "x")
	for _, name := range []string{"a", "b", "a b c", ""} {
		got, err := Remove(table, name)
		if err != nil || got != table {
			t.Errorf("%q: %v, %q", name, err, got)
		}
	}
}

// Of half a block nobody knows where it ends.
func TestABlockThatLostAMarkIsLeftAlone(t *testing.T) {
	t.Parallel()
	whole := put(t, "@daily true\n", "a", "x") + "@weekly true\n"
	for name, table := range map[string]string{
		"no end":      strings.Replace(whole, "# END a\n", "", 1),
		"no begin":    strings.Replace(whole, "# BEGIN a\n", "", 1),
		"two begins":  strings.Replace(whole, "x\n", "# BEGIN a\n", 1),
		"two ends":    whole + "# END a\n",
		"two of them": whole + "# BEGIN a\n# END a\n",
	} {
		_, putErr := Put(table, Block{Name: "a"})
		_, removeErr := Remove(table, "a")
		_, getErr := Get(table, "a")
		for _, err := range []error{putErr, removeErr, getErr} {
			if !errors.Is(err, ErrCut) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestALineIsOneLine(t *testing.T) {
	t.Parallel()
	for _, b := range []Block{{"a", []string{"x\n* * * * * evil"}}, {"a\nb", nil}, {"a", []string{"x\ry"}}} {
		if got, err := Put("", b); err == nil {
			t.Errorf("%q is taken: %q", b, got)
		}
	}
}

// Whatever is in a crontab, a block that comes and goes leaves it as it was.
func FuzzPutAndRemove(f *testing.F) {
	f.Add("", "a", "x")
	f.Add("# mine\nMAILTO=me\n0 8 * * * true\n", "a", "PATH=/bin")
	f.Add("# BEGIN a\n# END b\n", "b", "# END a")
	f.Add("# BEGIN a\nx\n# END a\n\ttrue\r\n", "a", "")
	f.Fuzz(func(t *testing.T, table, name, line string) {
		if table != "" && !strings.HasSuffix(table, "\n") {
			table += "\n" // crontab(1) takes no other
		}
		without, err := Remove(table, name)
		if err != nil {
			t.Skip("the table has half a block: it is left alone")
		}
		with, err := Put(table, Block{name, []string{line}})
		if err != nil {
			t.Skip("such a block is refused")
		}
		again, err := Put(with, Block{name, []string{line}})
		if errors.Is(err, ErrCut) {
			t.Skip("the line is a mark")
		}
		if err != nil || again != with {
			t.Errorf("twice is %v %q, once %q", err, again, with)
		}
		if got, err := Remove(with, name); err != nil || got != without {
			t.Errorf("left is %v %q, want %q", err, got, without)
		}
	})
}

func TestWordsAreQuotedForTheShell(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"/home/aipass":      "/home/aipass",
		"--x=@a,b:c-d_e.f%": "--x=@a,b:c-d_e.f%",
		"":                  "''",
		"two words":         "'two words'",
		"$HOME `id`;*":      "'$HOME `id`;*'",
		"it's":              `'it'"'"'s'`,
		"größe":             "'größe'",
	} {
		if got, err := Quote(word); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", word, got, err, want)
		}
	}
	for _, word := range []string{"a\nb", `a\b`, "a\x00", "a\tb"} {
		if got, err := Quote(word); err == nil {
			t.Errorf("%q is taken: %s", word, got)
		}
	}
}

func TestALineThatIsTooLongForCronIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := Line("@daily", strings.Repeat("x", 991)); err != nil {
		t.Error(err)
	}
	if _, err := Line("@daily", strings.Repeat("x", 992)); err == nil {
		t.Error("992 bytes are taken")
	}
}
