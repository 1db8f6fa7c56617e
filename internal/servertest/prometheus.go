package servertest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// StartPrometheus runs Prometheus with a configuration file. Flags are added to
// those that it needs, or take their place. It is ready when StartPrometheus
// returns.
func StartPrometheus(t testing.TB, config string, flags ...string) *Server {
	t.Helper()
	s := Start(t, Program{[]string{"prometheus"}, "prometheus"}, with(flags,
		"--config.file="+absolute(t, config),
		"--storage.tsdb.path="+t.TempDir(),
		"--web.listen-address=127.0.0.1:0",
	)...)
	s.ready(t)
	return s
}

// StartAlertmanager runs Alertmanager with a configuration file, alone unless
// there is a --cluster.listen-address among the flags. It is ready when
// StartAlertmanager returns.
func StartAlertmanager(t testing.TB, config string, flags ...string) *Server {
	t.Helper()
	names := []string{"prometheus-alertmanager", "alertmanager"} // Debian's, then the project's own
	s := Start(t, Program{names, "prometheus-alertmanager"}, with(flags,
		"--config.file="+absolute(t, config),
		"--storage.path="+t.TempDir(),
		"--web.listen-address=127.0.0.1:0",
		"--cluster.listen-address=",
	)...)
	s.ready(t)
	return s
}

// ready waits until both of the project's servers say so by the same address.
func (s *Server) ready(t testing.TB) {
	t.Helper()
	Await(t, s.name+" is ready", func() bool {
		if s.Ended() { // a configuration that it does not like
			t.Fatalf("%s has ended", s.name)
		}
		_, err := s.Get("/-/ready")
		return err == nil
	})
}

// with leaves out defaults that flags have another value for: a flag may be given
// once.
func with(flags []string, defaults ...string) []string {
	given := func(d string) bool {
		name, _, _ := strings.Cut(d, "=")
		return slices.ContainsFunc(flags, func(f string) bool { return strings.HasPrefix(f, name+"=") })
	}
	return append(slices.DeleteFunc(defaults, given), flags...)
}

// absolute, because a server runs in a directory of its own.
func absolute(t testing.TB, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
