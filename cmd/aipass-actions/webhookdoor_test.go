package main

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/exporter-toolkit/web"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/cmd/internal/clitest"
)

func TestTheReceiverWithTLSAndAPassword(t *testing.T) {
	t.Parallel()
	config, client := clitest.WebConfig(t, "alertmanager", "sesame")
	s := startServer(t, "--web.config.file="+config)
	posts(t, 401, client, "https://"+s.Address, fires("AIPassTest", "FLOW"))
	posts(t, 200, client, "https://alertmanager:sesame@"+s.Address, fires("AIPassTest", "FLOW"))
	if got := clitest.Get(t, client, "https://"+s.Address+"/-/healthy"); got.Code != 401 {
		t.Errorf("the other pages: got %+v", got)
	}
}

func TestTheReceiverWithTLSAndAToken(t *testing.T) {
	t.Parallel()
	config, client := clitest.WebConfig(t, "x", "x")
	data, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	tlsOnly, _, _ := strings.Cut(string(data), "basic_auth_users")
	token := filepath.Join(t.TempDir(), "token")
	if err := errors.Join(os.WriteFile(config, []byte(tlsOnly), 0o600), os.WriteFile(token, []byte("sesame\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "--web.config.file="+config, "--token-file="+token)
	posts(t, 401, client, "https://"+s.Address, fires("AIPassTest", "FLOW"))
	posts(t, 200, client, "https://"+s.Address, fires("AIPassTest", "FLOW"), "Authorization", "Bearer sesame")
}

// What cannot go well is said before anything is served.
func TestTheReceiverDoesNotStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	limited, token, other := filepath.Join(dir, "web.yml"), filepath.Join(dir, "token"), filepath.Join(dir, "other")
	home := filepath.Join(dir, "home")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = errors.Join(os.WriteFile(limited, []byte("rate_limit:\n  interval: 1s\n"), 0o600), os.WriteFile(token, nil, 0o600), os.Mkdir(other, 0o700), os.Mkdir(home, 0o700),
		os.WriteFile(filepath.Join(other, actions.StateFile), []byte(`{"home": "/another/host"}`), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		arg  string
		want int
		says string
	}{
		"with a rate limit":         {"--web.config.file=" + limited, 2, "take rate_limit out"},
		"with an empty token":       {"--token-file=" + token, 2, "it is empty"},
		"with another host's state": {"--state.dir=" + other, 2, "this state is that of /another/host"},
		"at an address in use":      {"--web.listen-address=" + taken.Addr().String(), 1, "address already in use"},
	} {
		t.Run(name, func(t *testing.T) {
			var log clitest.Buffer
			args := []string{"webhook", "--aipass.home=" + home, "--web.listen-address=127.0.0.1:0", row.arg}
			if !strings.HasPrefix(row.arg, "--state.dir") {
				args = append(args, "--state.dir="+filepath.Join(dir, "state"))
			}
			code := program().Run(t.Context(), args, clitest.System(), io.Discard, &log)
			if code != row.want || !strings.Contains(log.String(), row.says) {
				t.Errorf("exit code %d, want %d\n%s", code, row.want, &log)
			}
		})
	}
}

func TestAnOpenDoorIsWarnedOf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		address, token, config string
		open                   bool
	}{
		{":10148", "", "", true},
		{"0.0.0.0:10148", "", "", true},
		{"[::]:10148", "", "", true},
		{"actions.example.org:10148", "", "", true},
		{"0.0.0.0:10148", "token", "", false},
		{"0.0.0.0:10148", "", "web.yml", false},
		{"127.0.0.1:10148", "", "", false},
		{"127.9.9.9:10148", "", "", false},
		{"[::1]:10148", "", "", false},
		{"localhost:10148", "", "", false},
	} {
		var log clitest.Buffer
		f := &webhookFlags{token: row.token, web: &web.FlagConfig{WebListenAddresses: &[]string{row.address}, WebConfigFile: &row.config}}
		f.warn(promslog.New(&promslog.Config{Writer: &log}))
		if open := strings.Contains(log.String(), "level=WARN") && strings.Contains(log.String(), row.address); open != row.open {
			t.Errorf("%+v: the log says %q", row, log.String())
		}
	}
}
