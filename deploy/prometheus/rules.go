// Package prometheus is the alert rules that are shipped, for programs that
// evaluate them without a Prometheus.
//
// Its tests are those of the rules: that promtool finds no fault in them, that
// they ask for metrics that exist, that each alert is tested on both sides, says
// who has to do what, and has a page that helps him.
package prometheus

import (
	"embed"
	"io/fs"
)

//go:embed rules/*.yml
var shipped embed.FS

// Rules are the rule files, in a folder of that name.
func Rules() fs.FS { return shipped }
