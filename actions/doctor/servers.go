package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// Servers are the addresses of the daemons, "" for those that there are not.
// Passwords may stand in them.
type Servers struct {
	NodeExporter, Prometheus, Alertmanager, Webhook string
	// TokenFile holds what the webhook wants to hear.
	TokenFile string
}

// Check says which address is none.
func (s Servers) Check() error {
	for _, address := range [...]string{s.NodeExporter, s.Prometheus, s.Alertmanager, s.Webhook} {
		if address == "" {
			continue
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return errors.New("the address of a server must be one such as http://localhost:9090")
		}
	}
	return nil
}

// A reading is what a server's clock said, and ours before and after.
type reading struct{ before, said, after time.Time }

// An answer is what a server said.
type answer struct {
	code int
	body []byte
}

// maxAnswer bounds what is read of a server, in bytes: a page of metrics of a
// large host is far below.
const maxAnswer = 64 << 20

// ask sends a request, with headers in pairs, and looks at the server's clock.
func (p *patient) ask(ctx context.Context, method, base, path, body string, header ...string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(base, "/")+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment}}
	before := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	if said, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		p.dates[req.URL.Host] = reading{before, said, time.Now()}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answer{resp.StatusCode, data}, err
}

// get reads a page.
func (p *patient) get(ctx context.Context, base, path string) ([]byte, error) {
	a, err := p.ask(ctx, http.MethodGet, base, path, "")
	if err == nil && a.code != http.StatusOK {
		err = fmt.Errorf("%s answers %d: %s", path, a.code, a.words())
	}
	return a.body, err
}

// getJSON reads a page into something.
func (p *patient) getJSON(ctx context.Context, base, path string, into any) error {
	data, err := p.get(ctx, base, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: what it answers is not understood: %w", path, err)
	}
	return nil
}

// wordsLength bounds what is quoted of a server, in code points.
const wordsLength = 160

// words are the server's, for people.
func (a answer) words() string {
	return mailbox.Quote(string(a.body[:min(len(a.body), 4*wordsLength)]), wordsLength)
}
