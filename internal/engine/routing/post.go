package routing

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/prometheus/alertmanager/notify"
)

// postTime is how long a webhook may take that says nothing else itself.
const postTime = 10 * time.Second

// Post does what Alertmanager does with a notification: it posts it to the URL,
// with the http_config of the webhook. Whatever is not 2xx is an error, which does not
// name the URL: it can be a secret.
func (n *Notification) Post(ctx context.Context) error {
	timeout := n.hook.Timeout
	if timeout <= 0 {
		timeout = postTime
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client, err := notify.NewClientWithTracing(*n.hook.HTTPConfig, "webhook")
	if err != nil {
		return fmt.Errorf("receiver %s: http_config: %w", n.Receiver, err)
	}
	defer client.CloseIdleConnections()
	resp, err := notify.PostJSON(ctx, client, n.URL, bytes.NewReader(n.Body))
	if err != nil {
		return fmt.Errorf("receiver %s: %w", n.Receiver, notify.RedactURL(err))
	}
	defer notify.Drain(resp)
	if _, err := new(notify.Retrier).Check(resp.StatusCode, resp.Body); err != nil {
		return fmt.Errorf("receiver %s: %w", n.Receiver, err)
	}
	return nil
}
