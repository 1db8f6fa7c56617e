package pages

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// known are words of this trade that no dictionary has, one a line, sorted, in
// lower case.
const known = "testdata/words.txt"

// prose is what a page says, without code and addresses.
func (p page) prose() string {
	var prose strings.Builder
	p.walk(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.AutoLink:
			prose.WriteByte(' ')
			return false
		case *ast.Text:
			prose.Write(n.Value(p.source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				prose.WriteByte('\n')
			}
		default:
			if n.Type() == ast.TypeBlock {
				prose.WriteByte('\n')
			}
		}
		return true
	})
	return prose.String()
}

// noWords are addresses, alerts, which other tests know, and what may follow any
// word.
var noWords = regexp.MustCompile(`https?://\S+|\bAIPass[A-Z]\w+|'s\b`)

// misspelled are the words that aspell does not know, each once.
func misspelled(t *testing.T, text string) []string {
	t.Helper()
	if _, err := exec.LookPath("aspell"); err != nil {
		t.Fatalf("%v: install aspell and aspell-en (make test-deps)", err)
	}
	check := exec.Command("aspell", "list", "--lang=en", "--encoding=utf-8", "--mode=none", "--conf=/dev/null", "--personal=/dev/null")
	check.Stdin = strings.NewReader(noWords.ReplaceAllString(text, ""))
	var said strings.Builder
	check.Stderr = &said
	out, err := check.Output()
	if err != nil {
		t.Fatalf("aspell: %v: %s", err, said.String())
	}
	words := strings.Fields(string(out))
	slices.Sort(words)
	return slices.Compact(words)
}

func TestWordsAreSpelledAsInADictionary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(known)
	must(t, err)
	list := strings.Fields(string(text))
	if !slices.IsSorted(list) {
		t.Errorf("%s is not sorted", known)
	}
	used := map[string]bool{}
	for _, p := range pages(t) {
		for _, word := range misspelled(t, p.prose()) {
			word = strings.ToLower(word)
			used[word] = true
			if !slices.Contains(list, word) {
				t.Errorf("%s: %s", p.path, word)
			}
		}
	}
	for _, word := range list {
		if !used[word] {
			t.Errorf("%s: no page needs %s", known, word)
		}
	}
}

func TestASlipOfThePenIsFound(t *testing.T) {
	t.Parallel()
	p := parse("page.md", []byte("# Pgea is `pgea`\n\nIt has wrods\nin [links](wrods.md).\n\n    wrods in code\n"))
	if got := strings.Join(misspelled(t, p.prose()), " "); got != "Pgea wrods" {
		t.Errorf("got %s", got)
	}
}
