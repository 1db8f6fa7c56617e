package dashboard

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// scrapeInterval is that of the Prometheus configuration that the project ships,
// and what provisioning tells Grafana.
const scrapeInterval = time.Minute

// width is that of a dashboard on a usual screen: Grafana asks for no more points
// than a panel has pixels.
const width = 1600

// Expand puts values in the place of variables, as Grafana does; step is that
// of the query.
func Expand(expr string, values map[string]string, step time.Duration) string {
	replace := []string{
		"$__rate_interval", duration(max(step+scrapeInterval, 4*scrapeInterval)),
		"$__interval", duration(step),
	}
	// The longest name first: $branches is no $branch.
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(values))) {
		replace = append(replace, "${"+name+"}", values[name], "$"+name, values[name])
	}
	return strings.NewReplacer(replace...).Replace(expr)
}

// Step is how far the points of a panel's queries are apart.
func (p *Panel) Step(span time.Duration) (time.Duration, error) {
	least := scrapeInterval
	if p.Interval != "" {
		var err error
		if least, err = time.ParseDuration(p.Interval); err != nil {
			return 0, fmt.Errorf("interval of %s: %w", p.Title, err)
		}
	}
	points := max(1, width*p.GridPos.W/Columns)
	minutes := math.Ceil(span.Minutes() / float64(points))
	return max(least, time.Duration(minutes)*time.Minute), nil
}

// Values are those of the variables if nothing is chosen: everything, and
// branch where only one can be.
func (d *Dashboard) Values(branch string) map[string]string {
	values := map[string]string{}
	for _, v := range d.Templating.List {
		if values[v.Name] = branch; v.IncludeAll {
			values[v.Name] = v.AllValue
		}
	}
	return values
}

func duration(d time.Duration) string { return fmt.Sprintf("%ds", int(d.Seconds())) }
