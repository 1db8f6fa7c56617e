// Package webhook is the receiver to which Alertmanager posts alerts.
//
// It says 200 when everything is on the disk and not before; 4xx to what will
// be no better when it is posted again; 503 to all that may work later, for
// that is what Alertmanager tries again at once. It never says 429, which
// Alertmanager does not try again, and never redirects, for a redirected post
// loses its body.
//
// Where mail goes and what it says is the desk's business. The package opens no
// port, decides on no threshold, and answers without a word of what it guards.
package webhook
