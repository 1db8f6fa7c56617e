package pages

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// top is where the repository begins.
const top = "../.."

// A page is a Markdown file of the project.
type page struct {
	path   string // from the top
	source []byte
	root   ast.Node
}

// pages are all there are.
func pages(t *testing.T) (all []page) {
	t.Helper()
	must(t, filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && slices.Contains([]string{".git", "bin", "build", "dist", "testdata", "node_modules"}, d.Name()) {
			return filepath.SkipDir
		}
		if err == nil && filepath.Ext(path) == ".md" {
			all = append(all, open(t, path))
		}
		return err
	}))
	if len(all) < 3 {
		t.Fatalf("there are only %d pages", len(all))
	}
	return all
}

// named is a page by its path from the top.
func named(t *testing.T, path string) page {
	t.Helper()
	return open(t, filepath.Join(top, filepath.FromSlash(path)))
}

func open(t *testing.T, path string) page {
	t.Helper()
	source, err := os.ReadFile(path)
	must(t, err)
	from, err := filepath.Rel(top, path)
	must(t, err)
	return parse(from, source)
}

func parse(path string, source []byte) page {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table))
	return page{path, source, markdown.Parser().Parse(text.NewReader(source))}
}

// walk visits every node once, parents first; what enter says no to is not
// entered.
func (p page) walk(enter func(ast.Node) bool) {
	_ = ast.Walk(p.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && !enter(n) {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// A block is code that stands by itself.
type block struct {
	language string // "" if the page does not say
	lines    []string
}

func (p page) blocks() (blocks []block) {
	p.walk(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			blocks = append(blocks, block{string(n.Language(p.source)), p.lines(n)})
		case *ast.CodeBlock:
			blocks = append(blocks, block{"", p.lines(n)})
		}
		return true
	})
	return blocks
}

func (p page) lines(n ast.Node) (lines []string) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		lines = append(lines, strings.TrimRight(string(line.Value(p.source)), "\n"))
	}
	return lines
}

// anchors are what links to a page may have behind a #, as GitHub makes them of
// headings.
func (p page) anchors() map[string]bool {
	anchors := map[string]bool{}
	p.walk(func(n ast.Node) bool {
		if n.Kind() == ast.KindHeading {
			anchors[anchor(p.words(n))] = true
		}
		return true
	})
	return anchors
}

func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// words are the text below a node.
func (p page) words(n ast.Node) string {
	var words bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, is := n.(*ast.Text); is && entering {
			words.Write(text.Value(p.source))
		}
		return ast.WalkContinue, nil
	})
	return words.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
