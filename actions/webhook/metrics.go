package webhook

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/version"

	"github.com/aiosai/aipass-exporter/actions/alerts"
)

// Metrics are those of the receiver as a process: they begin at zero when it
// starts. What is counted for the host, by branch, is in the state and in the
// textfile, under other names, so that nothing is counted twice.
type Metrics struct {
	requests     *prometheus.CounterVec
	duration     prometheus.Histogram
	inFlight     prometheus.Gauge
	lastSuccess  *prometheus.GaugeVec
	alerts       *prometheus.CounterVec
	lockWait     prometheus.Histogram
	ledgerFaults prometheus.Counter
}

// codes are the answers to a post.
func codes() []int {
	return []int{
		http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusMethodNotAllowed,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable,
	}
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "aipass_webhook_requests_total", Help: "Notifications that were posted, by the code they were answered with.",
		}, []string{"code"}),
		duration: newHistogram("aipass_webhook_request_duration_seconds", "How long a notification took from its arrival to the answer.",
			.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "aipass_webhook_requests_in_flight", Help: "Notifications that are in work or wait for their turn.",
		}),
		lastSuccess: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "aipass_webhook_last_success_timestamp_seconds", Help: "When a notification was last on the disk as a whole.",
		}, nil), // a vector has no sample until there is one
		alerts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "aipass_webhook_alerts_total", Help: "Alerts that came in notifications, by what became of them.",
		}, []string{"outcome"}),
		lockWait: newHistogram("aipass_webhook_lock_wait_seconds", "How long the receiver waited for the lock of a mailbox.",
			.001, .005, .01, .05, .1, .5, 1, 5, 10),
		ledgerFaults: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "aipass_webhook_ledger_faults_total", Help: "Times that the ledger could not be written. The mail was.",
		}),
	}
	for _, code := range codes() {
		m.requests.WithLabelValues(strconv.Itoa(code))
	}
	for _, outcome := range alerts.Outcomes() {
		m.alerts.WithLabelValues(string(outcome))
	}
	reg.MustRegister(m.requests, m.duration, m.inFlight, m.lastSuccess, m.alerts, m.lockWait, m.ledgerFaults, newBuildInfo())
	return m
}

// newHistogram is a native one, with buckets for who cannot read those.
func newHistogram(name, help string, buckets ...float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: buckets,
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
	})
}

// newBuildInfo has no label for the branch that the program was built from: it
// would be taken for one of AIPass's.
func newBuildInfo() prometheus.Collector {
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "aipass_webhook_build_info", Help: "The receiver's version, always 1.",
	}, []string{"version", "revision", "goversion", "goos", "goarch"})
	info.WithLabelValues(version.Version, version.GetRevision(), runtime.Version(), runtime.GOOS, runtime.GOARCH).Set(1)
	return info
}

func (m *Metrics) answered(code int, took time.Duration) {
	m.requests.WithLabelValues(strconv.Itoa(code)).Inc()
	m.duration.Observe(took.Seconds())
	if code == http.StatusOK {
		m.lastSuccess.WithLabelValues().SetToCurrentTime()
	}
}

func (m *Metrics) told(told []alerts.Told) {
	for _, t := range told {
		m.alerts.WithLabelValues(string(t.Outcome)).Inc()
	}
}

// failed is for alerts that did not even come to a mailbox.
func (m *Metrics) failed(n int) { m.alerts.WithLabelValues(string(alerts.Failed)).Add(float64(n)) }

// LockWaited notes a wait for the lock of a mailbox.
func (m *Metrics) LockWaited(wait time.Duration) { m.lockWait.Observe(wait.Seconds()) }

// LedgerFault notes that the ledger could not be written.
func (m *Metrics) LedgerFault() { m.ledgerFaults.Inc() }
