package doctor

import (
	"context"
	"net/http"

	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/webhook"
)

// webhook asks the receiver whether it is ready, and whether it lets in who knows
// the token and nobody else.
func (p *patient) webhook(ctx context.Context) Step {
	if p.Servers.Webhook == "" {
		return skip("no daemon: --webhook.url is not given")
	}
	ready, err := p.ask(ctx, http.MethodGet, p.Servers.Webhook, "/-/ready", "")
	if err != nil {
		return wrong("start "+p.command("webhook")+", or correct --webhook.url", "it cannot be asked: %v", err)
	}
	if ready.code != http.StatusOK {
		return wrong("do what it says, or correct --webhook.url", "it is not ready: %d, %s", ready.code, ready.words())
	}
	without, err := p.knock(ctx, "")
	switch {
	case err != nil:
		return notPosted(err)
	case p.Servers.TokenFile == "":
		return withoutToken(without)
	}
	return p.withToken(ctx, without)
}

// withToken compares what who knows the token is told with what others are.
func (p *patient) withToken(ctx context.Context, without answer) Step {
	token, err := (&webhook.Token{Path: p.Servers.TokenFile}).First()
	if err != nil {
		return wrong("let this user read the token, or correct --token-file", "%v", err)
	}
	with, err := p.knock(ctx, token)
	switch {
	case err != nil:
		return notPosted(err)
	case with.code == http.StatusUnauthorized:
		return wrong("give aipass-actions webhook, Alertmanager and doctor a file with the same token", "it does not know the token in %s", p.Servers.TokenFile)
	case with.code != letIn:
		return unexpected(with)
	case without.code == letIn:
		return wrong("start aipass-actions webhook with --token-file="+p.Servers.TokenFile, "it lets in who does not know the token")
	}
	return fine("it is ready, and lets in who knows the token")
}

func notPosted(err error) Step {
	return wrong("see the receiver's log", "it cannot be posted to: %v", err)
}

// letIn is the answer to an empty notification, once its sender may post: it
// changes nothing.
const letIn = http.StatusBadRequest

// knock posts a notification that is none.
func (p *patient) knock(ctx context.Context, token string) (answer, error) {
	header := []string{"Content-Type", "application/json"}
	if token != "" {
		header = append(header, "Authorization", "Bearer "+token)
	}
	return p.ask(ctx, http.MethodPost, p.Servers.Webhook, webhook.AlertsPath+"?to="+alerts.ToBranch, "{}", header...)
}

func withoutToken(a answer) Step {
	switch a.code {
	case letIn:
		return fine("it is ready, and lets everybody in who reaches it")
	case http.StatusUnauthorized:
		return wrong("name the file with the token with --token-file", "it wants to hear a token")
	}
	return unexpected(a)
}

func unexpected(a answer) Step {
	return wrong("see the receiver's log, and that --webhook.url is its address", "it answers %d to an empty notification: %s", a.code, a.words())
}
