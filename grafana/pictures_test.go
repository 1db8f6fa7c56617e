package grafana

import (
	"bytes"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

// maxSize of a picture: they are in everybody's clone.
const maxSize = 200_000

func TestEveryDashboardHasItsPictureInTheDocs(t *testing.T) {
	t.Parallel()
	page := read(t, "../docs/dashboards.md")
	for _, d := range dashboards(t) {
		name := "images/" + d.UID + ".png"
		data := read(t, "../docs/"+name)
		if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || len(data) > maxSize {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
		if !bytes.Contains(page, []byte("("+name+")")) {
			t.Errorf("docs/dashboards.md does not show %s", name)
		}
	}
	pictures, err := filepath.Glob("../docs/images/aipass-*.png")
	if err != nil || len(pictures) != len(dashboards(t)) {
		t.Errorf("got %q, %v, want one for each dashboard", pictures, err)
	}
}

func TestPicturesAreOfTheDashboardsAsTheyAre(t *testing.T) {
	t.Parallel()
	want, err := dashboard.Sums(dashboards(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(read(t, "../docs/images/"+dashboard.SumsFile))); diff != "" {
		t.Errorf("run make preview (-dashboards +drawn from):\n%s", diff)
	}
}

func TestTheDocsSayThatPicturesAreNotGrafana(t *testing.T) {
	t.Parallel()
	if !bytes.Contains(read(t, "../docs/dashboards.md"), []byte("preview, not Grafana")) {
		t.Error("docs/dashboards.md does not say it")
	}
}
