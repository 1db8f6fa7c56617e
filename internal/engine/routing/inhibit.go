package routing

import (
	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/provider"
)

// inhibitor knows what the alerts that fire inhibit.
func (r *Router) inhibitor(firing []*alert.Alert) *inhibit.Inhibitor {
	i := inhibit.NewInhibitor(loaded{alerts: firing}, r.config.InhibitRules, r.logger, eventrecorder.NopRecorder())
	done := make(chan struct{})
	go func() {
		i.Run()
		close(done)
	}()
	i.WaitForLoading()
	i.Stop()
	<-done
	return i
}

// loaded are all alerts there will be.
type loaded struct {
	provider.Alerts
	alerts []*alert.Alert
}

func (l loaded) SlurpAndSubscribe(string) ([]*alert.Alert, provider.AlertIterator) {
	return l.alerts, provider.NewAlertIterator(nil, make(chan struct{}), nil)
}
