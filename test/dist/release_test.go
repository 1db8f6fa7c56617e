package dist

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var programs = []string{"aipass-actions", "aipass-exporter"}

func TestTwoBuildsAreTheSameBytes(t *testing.T) {
	t.Parallel()
	one, two := sums(t, of(t, first)), sums(t, of(t, again))
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("another folder, zone and language make others:\n%s", diff)
	}
	kinds := map[string]int{}
	for name := range one {
		kinds[filepath.Ext(name)]++
	}
	if want := map[string]int{"": 1, ".gz": 1, ".deb": 1, ".rpm": 1, ".json": 2}; !cmp.Equal(kinds, want) {
		t.Errorf("built %v, want %v", kinds, want)
	}
}

func TestChecksumsAreThoseOfAllFiles(t *testing.T) {
	t.Parallel()
	r := of(t, first)
	want := sums(t, r)
	delete(want, "SHA256SUMS")
	got := map[string]string{}
	for line := range strings.Lines(read(t, r.file(t, "SHA256SUMS"))) {
		words := strings.Fields(line)
		got[words[1]] = words[0]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// sums are the checksums of all files of a release, by name.
func sums(t *testing.T, r release) map[string]string {
	t.Helper()
	files, err := os.ReadDir(string(r))
	must(t, err)
	sums := map[string]string{}
	for _, file := range files {
		sum := sha256.Sum256([]byte(read(t, filepath.Join(string(r), file.Name()))))
		sums[file.Name()] = hex.EncodeToString(sum[:])
	}
	return sums
}

// What the bill of materials lists is what Go says is in the program.
func TestABillNamesEveryModule(t *testing.T) {
	t.Parallel()
	r := of(t, first)
	unpacked := r.unpacked(t)
	for _, program := range programs {
		info, err := buildinfo.ReadFile(filepath.Join(unpacked, program))
		must(t, err)
		want := []string{"std@" + info.GoVersion}
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			want = append(want, m.Path+"@"+m.Version)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, billed(t, r.file(t, program+"_*.cdx.json"))); diff != "" {
			t.Errorf("%s:\n%s", program, diff)
		}
	}
}

// billed are the modules of a bill of materials.
func billed(t *testing.T, path string) []string {
	t.Helper()
	var bill struct {
		BOMFormat  string
		Components []struct{ Name, Version string }
	}
	must(t, json.Unmarshal([]byte(read(t, path)), &bill))
	if bill.BOMFormat != "CycloneDX" {
		t.Errorf("%s is %q", path, bill.BOMFormat)
	}
	var modules []string
	for _, c := range bill.Components {
		modules = append(modules, c.Name+"@"+c.Version)
	}
	slices.Sort(modules)
	return modules
}

// Nobody learns from a release on which machine it was built.
func TestNothingNamesTheMachineThatBuilt(t *testing.T) {
	t.Parallel()
	r := of(t, first)
	unpacked := r.unpacked(t)
	files := []string{r.file(t, "*.rpm"), filepath.Join(unpacked, programs[0]), filepath.Join(unpacked, programs[1])}
	bills, err := filepath.Glob(filepath.Join(string(r), "*.json"))
	must(t, err)
	for _, file := range append(files, bills...) {
		for _, word := range []string{dir, "/pkg/mod"} {
			if strings.Contains(read(t, file), word) {
				t.Errorf("%s says %q", file, word)
			}
		}
	}
	if host := output(t, "rpm", "--query", "--package", "--nosignature", "--queryformat=%{BUILDHOST}", files[0]); host != "localhost" {
		t.Errorf("the RPM says it is of %s", host)
	}
}

func TestProgramsSayWhichVersionTheyAre(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	for _, program := range programs {
		said := output(t, filepath.Join(unpacked, program), "--version")
		if !strings.HasPrefix(said, program+", version 1.0.0 ") || !strings.Contains(said, "build date:       2026-02-19\n") {
			t.Error(said)
		}
	}
}

// groff says nothing of the man pages, and whatis finds them.
func TestManPagesAreWellFormed(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	for _, program := range programs {
		page := filepath.Join(unpacked, "man", program+".1")
		if said := output(t, "groff", "-man", "-Tutf8", "-ww", "-z", page); said != "" {
			t.Errorf("groff of %s:\n%s", program, said)
		}
		if said := output(t, "lexgrog", page); !strings.Contains(said, program+" - ") {
			t.Errorf("whatis will know %s", said)
		}
		text := read(t, page)
		for _, word := range []string{".SH \"COMMANDS\"", `\fB--aipass.home=DIR\fR`} {
			if !strings.Contains(text, word) {
				t.Errorf("the page of %s lacks %s", program, word)
			}
		}
	}
}

// A shell that has loaded the completions asks the program itself.
func TestBashCompletes(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	for program, row := range map[string]struct{ typed, want string }{
		"aipass-exporter": {"col", "collect"},
		"aipass-actions":  {"report --outp", "--output"},
	} {
		script := `source "$1"; words=($2); COMP_WORDS=("$3" "${words[@]}"); COMP_CWORD=${#words[@]}
			"$(complete -p "${3##*/}" | sed 's/.*-F \([^ ]*\) .*/\1/')"; printf '%s\n' "${COMPREPLY[@]}"`
		got := output(t, "bash", "-c", script, "bash", filepath.Join(unpacked, "completions", program+".bash"), row.typed, filepath.Join(unpacked, program))
		if got != row.want+"\n" {
			t.Errorf("%s %s: %q, want %q", program, row.typed, got, row.want)
		}
	}
}

// typed has zsh complete what somebody types, in a terminal of its own.
const typed = `
zmodload zsh/zpty
zpty terminal zsh -f -i
said=
expect() {
  local out
  repeat 600; do
    zpty -rt terminal out && said+=$out
    [[ $said == *$1* ]] && return
    sleep 0.05
  done
  print -r -- "no $1 in: $said"; exit 1
}
zpty -w terminal "PS1='> '; PATH=$1:\$PATH; fpath=($1/completions \$fpath); autoload -Uz compinit; compinit -D -u; print rea''dy"
expect ready
said=
zpty -wn terminal "$2"$'\t'
expect "$3"
zpty -d terminal
`

func TestZshCompletesAtTheFirstTAB(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	for command, completed := range map[string]string{"aipass-exporter col": "collect", "aipass-actions report --outp": "--output"} {
		output(t, "zsh", "-f", "-c", typed, "zsh", unpacked, command, completed)
	}
}

// What links of the pages lead to is in the archive, too.
func TestAnArchiveIsWhole(t *testing.T) {
	t.Parallel()
	unpacked := of(t, first).unpacked(t)
	for _, name := range append([]string{
		"README.md", "CHANGELOG.md", "LICENSE", "docs/install.md", "deploy/cron/aipass-actions.crontab", "deploy/logrotate/aipass-actions",
		"deploy/prometheus/rules/health.yml", "deploy/alertmanager/alertmanager.yml", "deploy/systemd/aipass-exporter-collect.timer", "deploy/compose/compose.yml",
	}, programs...) {
		if _, err := os.Stat(filepath.Join(unpacked, name)); err != nil {
			t.Error(err)
		}
	}
	if tests, err := exec.Command("find", unpacked, "-name", "*_test*", "-o", "-name", "testdata", "-o", "-name", "*.go").Output(); err != nil || len(tests) > 0 {
		t.Errorf("there are tests in it: %v\n%s", err, tests)
	}
}

// Both packages bring the same, but where zsh looks.
func TestTheRPMBringsWhatTheDebBrings(t *testing.T) {
	t.Parallel()
	r := of(t, first)
	rpm := r.file(t, "*.rpm")
	got := output(t, "rpm", "--query", "--package", "--nosignature", "--queryformat=[%{FILEMODES:perms} %{FILENAMES}\n]", rpm)
	got = strings.ReplaceAll(got, "/zsh/site-functions", "/zsh/vendor-completions")
	var want strings.Builder
	for line := range strings.Lines(output(t, "dpkg-deb", "--contents", r.file(t, "*.deb"))) {
		if words := strings.Fields(line); !strings.HasPrefix(words[0], "d") {
			fmt.Fprintf(&want, "%s %s\n", words[0], strings.TrimPrefix(words[5], "."))
		}
	}
	files := slices.DeleteFunc(lines(got), func(line string) bool { return strings.HasPrefix(line, "d") })
	if diff := cmp.Diff(lines(want.String()), files); diff != "" {
		t.Error(diff)
	}
	if conf := output(t, "rpm", "--query", "--package", "--nosignature", "--configfiles", rpm); conf != "/etc/default/aipass\n" {
		t.Errorf("configuration: %q", conf)
	}
}
