package actions

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/version"
)

// MetricsFile is what the actions write into the textfile directory.
const MetricsFile = "aipass_actions.prom"

// A Family is all samples of one metric.
type Family struct {
	Name, Help string
	Type       string // gauge, counter or histogram
	Labels     []string
	collect    func(*State, *prometheus.Desc, chan<- prometheus.Metric)
}

// emit takes a sample.
type emit func(value float64, labelValues ...string)

// Families lists them all, in the order in which the page has them.
func Families() []Family {
	return slices.Concat(actionFamilies(), mailFamilies(), notificationFamilies(), eventFamilies(), mailboxFamilies(), []Family{buildInfo()})
}

func actionFamilies() []Family {
	return []Family{
		gauge("aipass_action_last_run_timestamp_seconds", "When the action last ran.",
			ofAction(func(a *ActionState, e emit) { timestamp(e, a.LastRun) }), "action"),
		gauge("aipass_action_last_success_timestamp_seconds", "When the action last did all it had to do.",
			ofAction(func(a *ActionState, e emit) { timestamp(e, a.LastSuccess) }), "action"),
		gauge("aipass_action_next_run_timestamp_seconds", "When the action should run again.",
			ofAction(func(a *ActionState, e emit) { timestamp(e, a.NextRun) }), "action"),
		gauge("aipass_action_duration_seconds", "How long the action took when it last ran.",
			ofAction(func(a *ActionState, e emit) { e(a.DurationSeconds) }), "action"),
	}
}

func mailFamilies() []Family {
	return []Family{
		counter("aipass_mail_auto_opened_total", "New messages that a cleanup opened because they had waited for too long.",
			ofBranch(func(t CleanupTotals) int { return t.AutoOpened }), "branch"),
		counter("aipass_mail_auto_closed_total", "Opened messages that a cleanup moved to the closed mail.",
			ofBranch(func(t CleanupTotals) int { return t.AutoClosed }), "branch"),
		counter("aipass_mail_cleanup_errors_total", "Cleanups that failed for the branch.",
			ofBranch(func(t CleanupTotals) int { return t.Errors }), "branch"),
		gauge("aipass_mail_cleanup_after_seconds", "Age from which on a cleanup acts on mail of the status, as the last one was told.",
			func(s *State, e emit) {
				e(s.MailCleanup.Ages.StaleNew, "new")
				e(s.MailCleanup.Ages.CloseOpened, "opened")
			}, "status"),
		gauge("aipass_mail_cleanup_min_open_seconds", "How long mail that a cleanup opened stays open at least, as the last one was told.",
			func(s *State, e emit) { e(s.MailCleanup.Ages.MinOpen) }),
	}
}

func mailboxFamilies() []Family {
	return []Family{
		{
			"aipass_mailbox_lock_wait_seconds", "How long the lock of a mailbox was waited for.", "histogram", nil,
			func(s *State, desc *prometheus.Desc, ch chan<- prometheus.Metric) {
				ch <- s.Mailbox.LockWaits.metric(desc)
			},
		},
		counter("aipass_mailbox_torn_reads_total", "Times that an inbox was found half written and read again.",
			func(s *State, e emit) { e(float64(s.Mailbox.TornReads)) }),
		counter("aipass_mailbox_lost_updates_total", "Changes to inboxes, ours or others', that were overwritten for want of a lock, and seen to.",
			func(s *State, e emit) { e(float64(s.Mailbox.LostUpdates)) }),
	}
}

// buildInfo has no label for the branch that the program was built from: it
// would be taken for one of AIPass's.
func buildInfo() Family {
	return gauge("aipass_actions_build_info", "The program's version, always 1.", func(_ *State, e emit) {
		e(1, version.Version, version.GetRevision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	}, "version", "revision", "goversion", "goos", "goarch")
}

func gauge(name, help string, collect func(*State, emit), labels ...string) Family {
	return Family{name, help, "gauge", labels, values(prometheus.GaugeValue, collect)}
}

func counter(name, help string, collect func(*State, emit), labels ...string) Family {
	return Family{name, help, "counter", labels, values(prometheus.CounterValue, collect)}
}

func values(t prometheus.ValueType, collect func(*State, emit)) func(*State, *prometheus.Desc, chan<- prometheus.Metric) {
	return func(s *State, desc *prometheus.Desc, ch chan<- prometheus.Metric) {
		collect(s, func(value float64, labelValues ...string) {
			ch <- prometheus.MustNewConstMetric(desc, t, value, labelValues...)
		})
	}
}

func ofAction(collect func(*ActionState, emit)) func(*State, emit) {
	return func(s *State, e emit) {
		for name, a := range s.Actions {
			collect(&a, func(value float64, _ ...string) { e(value, name) })
		}
	}
}

func ofBranch(count func(CleanupTotals) int) func(*State, emit) {
	return func(s *State, e emit) {
		for branch, t := range s.MailCleanup.Branches {
			e(float64(count(t)), branch)
		}
	}
}

// timestamp leaves out what has never been.
func timestamp(e emit, t time.Time) {
	if !t.IsZero() {
		e(float64(t.UnixMilli()) / 1000)
	}
}

func (w *LockWaits) metric(desc *prometheus.Desc) prometheus.Metric {
	if len(w.Buckets) != len(lockBuckets()) {
		w = &LockWaits{} // none yet, or those of another version
	}
	cumulative, n := map[float64]uint64{}, uint64(0)
	for i, bound := range lockBuckets() {
		if i < len(w.Buckets) {
			n += w.Buckets[i]
		}
		cumulative[bound] = n
	}
	return prometheus.MustNewConstHistogram(desc, w.Count, w.SumSeconds, cumulative)
}

// stateCollector makes metrics of a state.
type stateCollector struct {
	state    *State
	families []Family
	descs    []*prometheus.Desc
}

func newStateCollector(s *State) *stateCollector {
	c := &stateCollector{state: s, families: Families()}
	for _, f := range c.families {
		c.descs = append(c.descs, prometheus.NewDesc(f.Name, f.Help, f.Labels, nil))
	}
	return c
}

func (c *stateCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range c.descs {
		ch <- desc
	}
}

func (c *stateCollector) Collect(ch chan<- prometheus.Metric) {
	for i, f := range c.families {
		f.collect(c.state, c.descs[i], ch)
	}
}

// WriteMetrics writes what the state says in the classic text format.
func WriteMetrics(w io.Writer, s *State) error {
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(newStateCollector(s))
	families, err := reg.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
			return err
		}
	}
	return nil
}
