//go:build preview

package preview

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"maps"
	"slices"
)

// arguments are for a browser without a window, on loopback, in a directory of its
// own. The sandbox would need rights that a container does not give.
func arguments(file, url string, height int, profile string) []string {
	return []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
		"--user-data-dir=" + profile, "--lang=en-GB", fmt.Sprintf("--window-size=%d,%d", width, height),
		"--virtual-time-budget=60000", "--screenshot=" + file, url,
	}
}

// paletted is the picture with the 256 colors that it has most of: a plot has few,
// and the rest are edges of letters.
func paletted(picture image.Image) *image.Paletted {
	count := map[color.Color]int{}
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[picture.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	small := image.NewPaletted(b, colors[:min(256, len(colors))])
	draw.Draw(small, b, picture, b.Min, draw.Src)
	return small
}
