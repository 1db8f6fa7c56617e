package webhook

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

func TestAnAlertThatIsPostedIsMailOfItsBranch(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	_, url := serve(t, root, nil)
	if got := post(t, url, "branch", about("DRONE", "AIPassMailStaleNew")); got.code != 200 || got.body != "1 alerts taken\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if got := mails(t, root, "DRONE"); len(got) != 1 || !strings.HasPrefix(got[0], "[SCHEDULED] ") {
		t.Errorf("DRONE has %q", got)
	}
	if diff := cmp.Diff([]string{"DRONE delivered AIPassMailStaleNew"}, history(t, root)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRolesAndAddressesAreAskedForInTheAddress(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	_, url := serve(t, root, nil)
	for to, branch := range map[string]string{"assistant": "DAEMON", "dev_central": "DEVPULSE", "@flow": "FLOW", "%40trigger": "TRIGGER"} {
		if got := post(t, url, to, about("DRONE", "For"+branch)); got.code != 200 {
			t.Errorf("%s: got %d %q", to, got.code, got.body)
		}
		if got := mails(t, root, branch); len(got) != 1 {
			t.Errorf("%s: %s has %q", to, branch, got)
		}
	}
}

// Two Alertmanagers of a pair tell two receivers at the same moment.
func TestAPairThatPostsAtTheSameMomentIsOneMail(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	receivers := []*program{start(t, root), start(t, root)}
	for _, branch := range branches {
		var pair sync.WaitGroup
		for range 4 {
			for _, r := range receivers {
				pair.Go(func() {
					if got := post(t, r.url, "branch", about(branch, "A", "B", "C")); got.code != 200 {
						t.Errorf("got %d %q", got.code, got.body)
					}
				})
			}
		}
		pair.Wait()
		if got := mails(t, root, branch); len(got) != 1 {
			t.Errorf("%s has %q", branch, got)
		}
	}
	if got := history(t, root); len(got) != 3*len(branches) {
		t.Errorf("the ledger has %q", got)
	}
}

// The mail is on the disk, the answer never comes, Alertmanager asks again.
func TestAReceiverThatIsKilledBeforeItAnswersTellsOnce(t *testing.T) {
	t.Parallel()
	root := layHost(t, aipass.Modern, branches...)
	body := about("DRONE", "A", "B")
	first := start(t, root, muteReceiver+"=1")
	lost := make(chan error, 1)
	go func() {
		resp, err := client().Post(first.url+AlertsPath+"?to=branch", "application/json", strings.NewReader(body))
		if err == nil {
			resp.Body.Close()
		}
		lost <- err
	}()
	if got := first.line(); got != "written <nil>" {
		t.Fatalf("the first receiver said %q", got)
	}
	first.kill()
	if err := <-lost; err == nil {
		t.Fatal("the first receiver has answered")
	}
	before := mails(t, root, "DRONE")
	if len(before) != 1 {
		t.Fatalf("DRONE has %q", before)
	}
	if got := post(t, start(t, root).url, "branch", body); got.code != http.StatusOK {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if diff := cmp.Diff(before, mails(t, root, "DRONE")); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}
