package main

import (
	"context"
	"fmt"
	"math"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
	"github.com/aiosai/aipass-exporter/actions/central"
	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/actions/summary"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/engine/history"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// summarise mails the issues that no mail of alerts tells of, when there is a new one.
func (r *round) summarise(ctx context.Context) {
	if !r.evaluated || r.skips(notifyPart) || r.skips(summaryPart) || ctx.Err() != nil {
		return
	}
	var issues []actions.Alert
	for _, a := range firing(r.untold) {
		if a.IsIssue() {
			issues = append(issues, a)
		}
	}
	if !r.state.Health.News(issues) {
		return
	}
	r.report.Summary = len(issues)
	if err := r.mailSummary(ctx, issues); err != nil {
		r.fault(summaryPart, err)
		return
	}
	r.state.Health.Told(issues)
}

func (r *round) mailSummary(ctx context.Context, issues []actions.Alert) error {
	to, err := r.shared.roles.Find(r.host.look, recipients.Assistant)
	if err != nil {
		return fmt.Errorf("%w: name another with --recipient.assistant", err)
	}
	o := r.host.mailbox
	o.Layout = to.Layout
	s := summary.Summary{Taken: r.host.look.Taken.In(o.Location), Branches: len(r.host.look.Branches), Issues: issues}
	if r.dryRun {
		r.report.Would.Summary = &summaryReport{to.Name, s.Subject(), s.Text()}
		return nil
	}
	mail, err := s.Send(ctx, mailbox.At(to.MailboxDir(), o), recipients.From(r.host.look, to), r.shared.now())
	if err != nil {
		return fmt.Errorf("mail to %s: %w; %s", to.Name, err, mailbox.Remedy(err))
	}
	r.mail[to.Name] = mail
	return nil
}

// central brings AIPass's own central files up to date.
func (r *round) central(ctx context.Context) central.Source {
	s := central.Source{Look: r.host.look, Alerts: r.state.Alerts, Mail: r.mail, Recent: r.recent, Zone: r.host.mailbox.Location}
	if r.skips(centralPart) || ctx.Err() != nil || r.host.look.Incomplete != nil {
		return s
	}
	if r.dryRun {
		r.report.Would.Write = append(r.report.Would.Write, central.Files(r.host.tree, s)...)
		return s
	}
	if r.mailed {
		r.recount(ctx)
	}
	r.host.countCentrally(ctx, r.mail, r.logger)
	r.fault(centralPart, central.Write(ctx, r.host.tree, s))
	return s
}

// recount looks at the mail again: whom the desk wrote to it tells, but not how
// much there is then.
func (r *round) recount(ctx context.Context) {
	tree, err := r.shared.host.MailTree()
	if err != nil {
		return // the same flags found it before
	}
	limited, cancel := context.WithTimeout(ctx, r.shared.host.Timeout)
	defer cancel()
	look := tree.Snapshot(limited)
	for i := range look.Branches {
		if b := &look.Branches[i]; b.Inbox.OK() {
			r.mail[b.Name] = mailbox.Count{Unread: b.Inbox.Value.Count(aipass.NewMail), Total: len(b.Inbox.Value.Messages)}
		}
	}
}

// mailsOf says whether mail was written for alerts.
func mailsOf(told []alerts.Told) bool {
	for _, t := range told {
		if t.Outcome != alerts.Duplicate && t.Outcome != alerts.Failed {
			return true
		}
	}
	return false
}

// recentQuery is what logs said in the last hour.
const recentQuery = `sum by (branch, level) (increase(aipass_log_messages_total{level=~"warning|error|critical"}[1h]))`

// askRecent asks for it. Without an answer, messages are not counted.
func (r *round) askRecent(ctx context.Context, db *history.DB) error {
	series, err := db.Query(ctx, recentQuery, r.host.look.Taken)
	if err != nil || len(series) == 0 {
		return err
	}
	r.recent = map[string]central.Recent{}
	for _, s := range series {
		recent, n := r.recent[s.Labels["branch"]], int(math.Round(s.Points[0].Value))
		if s.Labels["level"] == "warning" {
			recent.Warnings += n
		} else {
			recent.Errors += n
		}
		r.recent[s.Labels["branch"]] = recent
	}
	return nil
}
