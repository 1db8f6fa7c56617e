package central

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// UpdateMail brings AIPass's central counts of the mail up to date, of each
// generation for its own mailboxes. now says, by branch, what has changed since
// the look.
func UpdateMail(ctx context.Context, tree aipass.Tree, s *aipass.Snapshot, now map[string]mailbox.Count, today time.Time) error {
	counts := map[aipass.Layout]map[string]mailbox.Count{aipass.Legacy: {}, aipass.Modern: {}}
	for i := range s.Branches {
		b := &s.Branches[i]
		name := strings.ToUpper(filepath.Base(b.Dir))
		count, changed := now[b.Name]
		if !strings.EqualFold(name, b.Name) || !b.Inbox.OK() && !changed {
			continue // AIPass counts by the name of the directory, and what it can read
		}
		if !changed {
			count = mailbox.Count{Unread: b.Inbox.Value.Count(aipass.NewMail), Total: len(b.Inbox.Value.Messages)}
		}
		counts[b.Layout][name] = count
	}
	var faults []error
	for layout, branches := range counts {
		if len(branches) > 0 {
			faults = append(faults, mailbox.UpdateCentral(ctx, filepath.Join(tree.Root(), aipass.CentralDir(layout)), branches, today))
		}
	}
	return errors.Join(faults...)
}
