// Package alertmanager is the routing that is shipped, for programs that do
// without an Alertmanager. Its tests ask amtool and a real Alertmanager what
// becomes of each alert.
package alertmanager

import _ "embed" // for what is shipped

//go:embed alertmanager.yml
var shipped string

// Routing is the text of alertmanager.yml, for one host.
func Routing() string { return shipped }
