package webhook

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// alertsIn counts the alerts that a branch's mail stands for, by name.
func alertsIn(t *testing.T, root, branch string) map[string]int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, strings.ToLower(branch), mailboxOf[aipass.Modern], aipass.InboxFile))
	must(t, err)
	var inbox struct {
		Messages []struct {
			Marker struct {
				Alerts []struct {
					Name string `json:"alertname"`
				}
			} `json:"aipass_actions"`
		}
	}
	must(t, json.Unmarshal(data, &inbox))
	count := map[string]int{}
	for _, m := range inbox.Messages {
		for _, a := range m.Marker.Alerts {
			count[a.Name]++
		}
	}
	return count
}

// A receiver is killed at any moment of a notification, again and again, and
// the notification is posted until it is answered, as Alertmanager does. Every
// alert is told, and once.
func TestAReceiverThatIsKilledAtAnyMomentTellsAllOnce(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	const rounds = 15
	for round := range rounds {
		body := strings.Replace(about("DRONE", fmt.Sprint("A", round), fmt.Sprint("B", round)), `"branch":"DRONE"`, `"branch":"FLOW"`, 1)
		victim := start(t, root)
		answered := make(chan bool, 1)
		go func() { answered <- tryPost(victim.url, body) == nil }()
		for end := time.Now().Add(rand.N(25 * time.Millisecond)); time.Now().Before(end); {
			runtime.Gosched() // a sleep would be far too long
		}
		victim.kill()
		if <-answered {
			continue
		}
		if err := tryPost(start(t, root).url, body); err != nil {
			t.Error(err)
		}
	}
	for branch, name := range map[string]string{"FLOW": "A", "DRONE": "B"} {
		got := alertsIn(t, root, branch)
		for round := range rounds {
			if n := got[fmt.Sprint(name, round)]; n != 1 {
				t.Errorf("%s: %s%d is told %d times", branch, name, round, n)
			}
		}
	}
}

// tryPost is post that may fail.
func tryPost(url, body string) error {
	resp, err := client().Post(url+AlertsPath+"?to=branch", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, text)
	}
	return err
}

// What one body may hold is written in one go.
func TestTenThousandAlertsInOneBody(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	_, url := serve(t, root, func(c *Config) { c.MaxBody = 16 << 20 })
	var names []string
	for n := range 10_000 {
		names = append(names, fmt.Sprint("Alert", n))
	}
	if got := post(t, url, "branch", about("DRONE", names...)); got.code != 200 || got.body != "10000 alerts taken\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if got := alertsIn(t, root, "DRONE"); len(got) != len(names) {
		t.Errorf("%d alerts are told, want %d", len(got), len(names))
	}
}
