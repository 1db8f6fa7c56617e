package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aiosai/aipass-exporter/actions/ledger"
)

// AlertsPath is where notifications are posted.
const AlertsPath = "/v1/alerts"

// A Config says what a Handler is made of.
type Config struct {
	Desk ledger.Desk
	// Token is what a post has to know; nil is nothing.
	Token *Token
	// MaxBody is how large a post may be, in bytes.
	MaxBody int64
	// Ready says what keeps mail from being written.
	Ready    func(context.Context) error
	Landing  http.Handler
	Gatherer prometheus.Gatherer
	Metrics  *Metrics
	Logger   *slog.Logger
}

// A Handler is the receiver. It is safe for concurrent use.
type Handler struct {
	Config
	room     *room
	readTime time.Duration
	pages    map[string]http.Handler // to GET
	stopping atomic.Bool
}

// New is a receiver.
func New(c Config) *Handler {
	h := &Handler{Config: c, room: newRoom(c.MaxBody), readTime: readTime}
	h.pages = map[string]http.Handler{
		"/": c.Landing,
		"/metrics": promhttp.HandlerFor(c.Gatherer, promhttp.HandlerOpts{
			ErrorLog:          slog.NewLogLogger(c.Logger.Handler(), slog.LevelError),
			EnableOpenMetrics: true,
		}),
		"/-/healthy": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "aipass-actions is healthy.")
		}),
		"/-/ready": http.HandlerFunc(h.ready),
	}
	return h
}

// Stop has the receiver take no more. What it has taken it finishes.
func (h *Handler) Stop() { h.stopping.Store(true) }

// ServeHTTP knows its few paths by their exact spelling: a mux would redirect
// what it takes for another spelling.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == AlertsPath {
		h.post(w, r)
		return
	}
	page, found := h.pages[r.URL.Path]
	switch {
	case !found:
		reply(w, refuse(http.StatusNotFound, "no such page; alerts are posted to "+AlertsPath))
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		reply(w, refuse(http.StatusMethodNotAllowed, "only GET and HEAD here"))
	default:
		page.ServeHTTP(w, r)
	}
}

func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		reply(w, errStopping)
		return
	}
	if err := h.Ready(r.Context()); err != nil {
		reply(w, later(err.Error()))
		return
	}
	fmt.Fprintln(w, "aipass-actions is ready.")
}
