package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/internal/aipass"
)

const maxBody = 1 << 10

func TestOnlySoMuchIsInWorkAtOnce(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		size int64
		want int
	}{
		"the largest":         {maxBody, largest},
		"of unknown size":     {-1, largest},
		"larger than may be":  {maxBody + 1, largest},
		"half the largest":    {maxBody / 2, 2 * largest},
		"the smallest":        {1, smallest},
		"smaller than counts": {0, smallest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(maxBody)
				var leave []func()
				for {
					l, err := r.enter(t.Context(), row.size)
					if err != nil {
						break // after queueTime
					}
					leave = append(leave, l)
				}
				if len(leave) != row.want {
					t.Errorf("%d in work, want %d", len(leave), row.want)
				}
				leave[0]()
				if _, err := r.enter(t.Context(), row.size); err != nil {
					t.Errorf("one has left, and there is no room: %v", err)
				}
			})
		})
	}
}

// What finds no room waits, and is told to come again when that takes too long.
func TestTooMuchAtOnceIs503AndReadsNothing(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		accepted := atomic.Int32{}
		h, err := newHandler(root, func(c *Config) {
			c.MaxBody = maxBody
			c.Desk = deskFunc(func(context.Context, alerts.Notification, string) ([]alerts.Told, error) {
				accepted.Add(1)
				<-release
				return nil, nil
			})
		})
		must(t, err)
		answers := make(chan *httptest.ResponseRecorder, largest+1)
		for range largest + 1 {
			go func() {
				req := httptest.NewRequest(http.MethodPost, AlertsPath+"?to=branch", strings.NewReader(about("DRONE", "A")))
				req.Header.Set("Content-Type", "application/json")
				req.ContentLength = -1 // as the largest
				w := httptest.NewRecorder()
				h.ServeHTTP(w, req)
				answers <- w
			}()
		}
		synctest.Wait()
		if accepted.Load() != largest {
			t.Errorf("%d in work, want %d", accepted.Load(), largest)
		}
		if got := <-answers; got.Code != 503 || got.Body.String() != "too much at once\n" || got.Header().Get("Retry-After") == "" {
			t.Errorf("got %d %q", got.Code, got.Body)
		}
		close(release)
		for range largest {
			if got := <-answers; got.Code != 200 {
				t.Errorf("got %d %q", got.Code, got.Body)
			}
		}
	})
}

// Who hangs up does not leave half a notification behind.
func TestWhatHasBegunIsFinishedThoughNobodyListens(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	h, err := newHandler(root, nil)
	must(t, err)
	ctx, hangUp := context.WithCancel(t.Context())
	h.Desk = hangingUp{h.Desk, hangUp}
	req := httptest.NewRequest(http.MethodPost, AlertsPath+"?to=branch", strings.NewReader(about("DRONE", "A"))).WithContext(ctx)
	req.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(httptest.NewRecorder(), req)
	if got := mails(t, root, "DRONE"); len(got) != 1 {
		t.Errorf("DRONE has %q", got)
	}
}

// hangingUp is a desk whose client is gone when it begins.
type hangingUp struct {
	desk interface {
		Accept(context.Context, alerts.Notification, string) ([]alerts.Told, error)
	}
	hangUp func()
}

func (d hangingUp) Accept(ctx context.Context, n alerts.Notification, to string) ([]alerts.Told, error) {
	d.hangUp()
	return d.desk.Accept(ctx, n, to)
}
