package alertmanager

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// A delivery is what a receiver is sent.
type delivery struct {
	To, Token string
	Alerts    []string // their names
}

// Alerts of a branch to one recipient come together; the token stands beside the
// configuration.
func TestWhatReceiversAreSent(t *testing.T) {
	t.Parallel()
	came := make(chan delivery, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		d := delivery{To: r.URL.Query().Get("to"), Token: r.Header.Get("Authorization")}
		var body struct {
			Alerts []struct{ Labels map[string]string }
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		for _, a := range body.Alerts {
			d.Alerts = append(d.Alerts, a.Labels["alertname"])
		}
		slices.Sort(d.Alerts)
		came <- d
	}))
	t.Cleanup(receiver.Close)

	config := strings.ReplaceAll(read(t, oneHost), "http://127.0.0.1:10148", receiver.URL)
	config = regexp.MustCompile(`group_wait: \S+`).ReplaceAllString(config, "group_wait: 2s")
	path := write(t, config)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "aipass-actions.token"), []byte("open sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	post(t, servertest.StartAlertmanager(t, path), []string{
		"AIPassMemoryOverLimit DRONE", "AIPassMailStaleNew DRONE", "AIPassMailStaleNew FLOW", "AIPassRunOverdue", "AIPassRegistryMalformed", "AIPassWatchdog",
	})

	const token = "Bearer open sesame"
	want := []delivery{
		{"assistant", token, []string{"AIPassRunOverdue"}},
		{"branch", token, []string{"AIPassMailStaleNew"}},
		{"branch", token, []string{"AIPassMailStaleNew", "AIPassMemoryOverLimit"}},
		{"dev_central", token, []string{"AIPassRegistryMalformed"}},
	}
	var got []delivery
	for range want {
		select {
		case d := <-came:
			got = append(got, d)
		case <-time.After(servertest.Patience):
			t.Fatalf("only these came: %v", got)
		}
	}
	slices.SortFunc(got, func(a, b delivery) int {
		return strings.Compare(a.To+strings.Join(a.Alerts, ","), b.To+strings.Join(b.Alerts, ","))
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
