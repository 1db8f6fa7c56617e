package pages

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
)

// links are where a page's links and pictures lead.
func (p page) links() (links []string) {
	p.walk(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Link:
			links = append(links, string(n.Destination))
		case *ast.Image:
			links = append(links, string(n.Destination))
		case *ast.AutoLink:
			links = append(links, string(n.URL(p.source)))
		}
		return true
	})
	return links
}

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	followed := 0
	for _, p := range pages(t) {
		for _, link := range p.links() {
			followed++
			if why := broken(t, p, link); why != "" {
				t.Errorf("%s: %s: %s", p.path, link, why)
			}
		}
	}
	if followed < 50 {
		t.Errorf("found only %d links", followed)
	}
}

// broken says what is wrong with a link. What is outside is not asked for:
// whether others answer is none of a test's business.
func broken(t *testing.T, from page, link string) string {
	t.Helper()
	target, err := url.Parse(link)
	if err != nil {
		return err.Error()
	}
	if target.Scheme != "" || target.Host != "" {
		if target.Scheme != "https" || target.Host == "" {
			return "neither https nor a file here"
		}
		return ""
	}
	path := filepath.Join(top, from.path)
	if target.Path != "" {
		path = filepath.Join(filepath.Dir(path), filepath.FromSlash(target.Path))
	}
	if rel, err := filepath.Rel(top, path); err != nil || !filepath.IsLocal(rel) {
		return "outside the repository"
	}
	if _, err := os.Stat(path); err != nil {
		return "there is no such file"
	}
	if target.Fragment != "" && (filepath.Ext(path) != ".md" || !open(t, path).anchors()[target.Fragment]) {
		return "there is no such heading"
	}
	return ""
}

func TestABrokenLinkIsFound(t *testing.T) {
	t.Parallel()
	p := parse("docs/page.md", []byte("# One `two_three`, four\n\n"+
		"[a](#one-two_three-four) [b](../README.md) [c](#two) [d](gone.md) ![e](gone.png) [f](../../x) [g](http://a.example) [h](../LICENSE#x)\n"))
	var got []string
	for _, link := range p.links() {
		if link[0] == '#' {
			got = append(got, map[bool]string{true: "", false: "no heading"}[p.anchors()[link[1:]]])
			continue
		}
		got = append(got, broken(t, p, link))
	}
	want := []string{
		"", "", "no heading", "there is no such file", "there is no such file", "outside the repository",
		"neither https nor a file here", "there is no such heading",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
