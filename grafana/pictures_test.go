package grafana

import (
	"bytes"
	"image/png"
	"path/filepath"
	"testing"
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

func TestTheDocsSayThatPicturesAreNotGrafana(t *testing.T) {
	t.Parallel()
	if !bytes.Contains(read(t, "../docs/dashboards.md"), []byte("preview, not Grafana")) {
		t.Error("docs/dashboards.md does not say it")
	}
}
