package doctor

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/deploy/alertmanager"
	"github.com/aiosai/aipass-exporter/internal/engine/routing"
)

// The routing that is shipped, as one Alertmanager or another says it, and as
// somebody may have changed it.
func TestWhereRoutesLead(t *testing.T) {
	t.Parallel()
	shipped := alertmanager.Routing()
	url := regexp.MustCompile(`url: http://\S+`)
	for name, row := range map[string]struct {
		config, recipient, fault string
	}{
		"as it is shipped":             {shipped, alerts.ToBranch, ""},
		"which hides its addresses":    {url.ReplaceAllString(shipped, "url: <secret>"), recipients.Assistant, ""},
		"to an address":                {strings.ReplaceAll(shipped, "?to=dev_central", "?to=@flow"), recipients.DevCentral, ""},
		"to somebody else's webhook":   {url.ReplaceAllString(shipped, "url: http://chat.example.org/alerts?to=branch"), alerts.ToBranch, "alerts for branch go to branch, with no webhook of aipass-actions"},
		"to whom the receiver refuses": {strings.ReplaceAll(shipped, "?to=assistant", "?to=boss"), recipients.Assistant, "alerts for assistant go to assistant"},
		"to nobody in particular":      {strings.ReplaceAll(shipped, "?to=branch", ""), alerts.ToBranch, "alerts for branch go to branch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			router, err := routing.Parse([]byte(row.config), routing.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := &patient{Doctor: &Doctor{Roles: recipients.Roles{recipients.Assistant: {"@a"}, recipients.DevCentral: {"@d"}}}}
			_, err = p.way(router, row.recipient)
			if said := err != nil; said != (row.fault != "") || said && !strings.HasPrefix(err.Error(), row.fault) {
				t.Errorf("%v, want %q", err, row.fault)
			}
		})
	}
}
