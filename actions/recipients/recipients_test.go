package recipients

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// look is a look at a host with a registry.
func look(t *testing.T, registry string) *aipass.Snapshot {
	t.Helper()
	root := t.TempDir()
	if err := txtar.Write(txtar.Parse([]byte("-- AIPASS_REGISTRY.json --\n"+registry+"\n")), root); err != nil {
		t.Fatal(err)
	}
	tree, err := aipass.Open(root, aipass.Options{Location: time.UTC, MailOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return tree.Snapshot(t.Context())
}

func roles() Roles {
	return Roles{Assistant: {"@assistant", "@daemon"}, DevCentral: {"@dev_central", "@devpulse"}}
}

const (
	legacy = `{"branches": [{"name": "ASSISTANT", "path": "a", "email": "@assistant"}, {"name": "DEV_CENTRAL", "path": "d", "email": "@dev_central"}]}`
	modern = `{"branches": [{"name": "DAEMON", "path": "a", "email": "@daemon"}, {"name": "DEVPULSE", "path": "d"}]}`
	both   = `{"branches": [{"name": "DAEMON", "path": "a", "email": "@daemon"}, {"name": "ASSISTANT", "path": "b", "email": "assistant"}]}`
)

func TestFirstRegisteredAddressPlaysTheRole(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ registry, to, want string }{
		"legacy":                  {legacy, Assistant, "ASSISTANT"},
		"modern":                  {modern, Assistant, "DAEMON"},
		"modern, address derived": {modern, DevCentral, "DEVPULSE"},
		"both":                    {both, Assistant, "ASSISTANT"},
		"an address":              {both, "@daemon", "DAEMON"},
	} {
		b, err := roles().Find(look(t, row.registry), row.to)
		if err != nil || b.Name != row.want {
			t.Errorf("%s: %v, %v, want %s", name, b, err, row.want)
		}
	}
}

func TestEveryRegisteredAddressIsAChoice(t *testing.T) {
	t.Parallel()
	twice := Addresses{"@daemon", "@nobody", "@assistant", "@daemon"}
	var got []string
	for _, b := range twice.Registered(look(t, both)) {
		got = append(got, b.Name)
	}
	if diff := cmp.Diff([]string{"DAEMON", "ASSISTANT"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestARoleThatNobodyPlaysIsAnErrorThatNamesItsAddresses(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		DevCentral:   "dev_central (@dev_central, @devpulse): nobody is registered with it",
		"@Assistant": "@Assistant (@Assistant): nobody is registered with it", // AIPass tells case apart too
	} {
		_, err := roles().Find(look(t, both), to)
		if !errors.Is(err, ErrNobody) || err.Error() != want {
			t.Errorf("%s: %v, want %s", to, err, want)
		}
	}
}

func TestWhatIsNeitherARoleNorAnAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"", "boss", "DEV_CENTRAL", "@", "@a b", "@a@b"} {
		if err := roles().Check(to); err == nil {
			t.Errorf("%q is taken", to)
		}
		if _, err := roles().Find(look(t, both), to); err == nil || errors.Is(err, ErrNobody) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if err := roles().Check("boss"); !strings.Contains(err.Error(), "assistant, dev_central") {
		t.Errorf("%v does not name the roles", err)
	}
}

func TestAddressesAreAList(t *testing.T) {
	t.Parallel()
	var a Addresses
	if err := a.Set("@assistant, @daemon"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Addresses{"@assistant", "@daemon"}, a); diff != "" || a.String() != "@assistant,@daemon" {
		t.Errorf("%s: -want +got:\n%s", a.String(), diff)
	}
	for _, wrong := range []string{"", "@a,", "assistant", "@a,b", "@a b"} {
		if err := a.Set(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
	if len(a) != 2 {
		t.Errorf("what is refused left %v", a)
	}
}
