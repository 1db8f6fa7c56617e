package doctor

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/webhook"
)

// hidden is how newer Alertmanagers show an address, which can be a secret.
const hidden = "<secret>"

// otherThan says what is wrong with the address of a webhook that is to bring mail
// for a recipient, "" if nothing is.
func (p *patient) otherThan(address, recipient string) string {
	ours, path := &url.URL{}, webhook.AlertsPath
	if p.Servers.Webhook != "" {
		ours, _ = url.Parse(p.Servers.Webhook) // has been checked
		path = strings.TrimRight(ours.Path, "/") + path
	}
	u, err := url.Parse(address)
	if err != nil || u.Path != path {
		return "with no webhook of aipass-actions"
	}
	if p.Servers.Webhook != "" && place(u) != place(ours) {
		return fmt.Sprintf("with a webhook at %s, and the receiver of this host is at %s", place(u), place(ours))
	}
	if to := u.Query().Get("to"); !p.reaches(to, recipient) {
		return fmt.Sprintf("with a webhook whose ?to=%.50s does not reach them", to)
	}
	return ""
}

// reaches says whether what the receiver gets for somebody is mail for a
// recipient: a role can be named by its address, too.
func (p *patient) reaches(to, recipient string) bool {
	if to == recipient {
		return true
	}
	if recipient == alerts.ToBranch || to == alerts.ToBranch {
		return false
	}
	named, err := p.Roles.Find(p.look, to)
	if err != nil {
		return false
	}
	meant, err := p.Roles.Find(p.look, recipient)
	return err == nil && named == meant
}

// place is where a server is, without the passwords of its address. This machine
// has several names.
func place(u *url.URL) string {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		host = "localhost"
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(host, port)
}
