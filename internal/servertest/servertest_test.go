package servertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func config(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const nowhere = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"

func TestPrometheusAnswersQueries(t *testing.T) {
	t.Parallel()
	s := StartPrometheus(t, config(t, "global: {}\n"))
	body, err := s.Get("/api/v1/query?query=vector(42)")
	if err != nil || !strings.Contains(string(body), `"42"`) {
		t.Errorf("got %s, %v", body, err)
	}
}

func TestAlertmanagersFindEachOther(t *testing.T) {
	t.Parallel()
	first := StartAlertmanager(t, config(t, nowhere), "--cluster.listen-address=127.0.0.1:0")
	peers := cluster(t, first)
	if len(peers) != 1 {
		t.Fatalf("alone it has peers: %q", peers)
	}
	second := StartAlertmanager(t, config(t, nowhere), "--cluster.listen-address=127.0.0.1:0", "--cluster.peer="+peers[0])
	Await(t, "both know both", func() bool {
		return len(cluster(t, first)) == 2 && len(cluster(t, second)) == 2
	})
}

// cluster is the addresses of who an Alertmanager knows, itself too.
func cluster(t *testing.T, s *Server) (addresses []string) {
	t.Helper()
	body, err := s.Get("/api/v2/status")
	if err != nil {
		t.Fatal(err)
	}
	var status struct {
		Cluster struct{ Peers []struct{ Address string } }
	}
	if err := json.Unmarshal(body, &status); err != nil {
		t.Fatal(err)
	}
	for _, p := range status.Cluster.Peers {
		addresses = append(addresses, p.Address)
	}
	return addresses
}

func TestKilledServersAreGone(t *testing.T) {
	t.Parallel()
	s := StartAlertmanager(t, config(t, nowhere))
	s.Kill()
	s.Kill() // which is fine
	if _, err := s.Get("/-/ready"); err == nil {
		t.Error("it still answers")
	}
	if !strings.Contains(s.Log(), "Listening on") {
		t.Errorf("its log is lost: %s", s.Log())
	}
}

func TestFlagsTakeThePlaceOfDefaults(t *testing.T) {
	t.Parallel()
	got := with([]string{"--b=3", "--c=4"}, "--a=1", "--b=2")
	if want := []string{"--a=1", "--b=3", "--c=4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
