package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/aiosai/aipass-exporter/actions/recipients"
	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/mailbox"
)

// host is about what this user can read. What can be read and is broken is for
// the alert rules.
func (p *patient) host(context.Context) Step {
	s := p.look
	if !s.Registry.OK() {
		return wrong(aipass.Remedy(aipass.RegistryFile, s.Registry.Err), "the registry cannot be used: %v", s.Registry.Err)
	}
	if s.Incomplete != nil {
		return wrong(aipass.Remedy("", context.DeadlineExceeded), "%v", s.Incomplete)
	}
	var files []string
	var first aipass.Fault
	for _, f := range s.Faults() {
		if f.State != aipass.Unreadable {
			continue
		}
		if files = append(files, fmt.Sprintf("%s of %s", f.File, whose(f.Branch))); len(files) == 1 {
			first = f
		}
	}
	if len(files) > 0 {
		return wrong(first.Remedy, "user %d cannot read %s: %v", os.Geteuid(), list(files), first.Err)
	}
	return fine("%s: %d branches, readable for user %d", p.Tree.Root(), len(s.Branches), os.Geteuid())
}

func whose(branch string) string {
	if branch == "" {
		return "the host"
	}
	return branch
}

// unknown is for what needs the registry.
func unknown() Step { return skip("without the registry nobody is known") }

// mailboxes is about what keeps mail from being written. A mailbox that is
// missing does not: who catches all gets what is for it.
func (p *patient) mailboxes(context.Context) Step {
	if !p.look.Registry.OK() {
		return unknown()
	}
	open := 0
	var missing, closed []string
	var first error
	for i := range p.look.Branches {
		b := &p.look.Branches[i]
		switch err := p.mayWrite(b); {
		case err == nil:
			open++
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, b.Name)
		default:
			if closed = append(closed, b.Name); first == nil {
				first = err
			}
		}
	}
	if first != nil {
		return wrong(remedyOf(first), "mail cannot be written to %s: %v", list(closed), first)
	}
	if len(missing) > 0 {
		return fine("%d can be written to; missing: %s", open, list(missing))
	}
	return fine("%d can be written to, none is missing", open)
}

func (p *patient) mayWrite(b *aipass.Branch) error {
	if !b.Directory.OK() {
		return fs.ErrNotExist
	}
	options := p.Mailbox
	options.Layout = b.Layout
	if err := mailbox.At(b.MailboxDir(), options).Writable(); err != nil {
		return err
	}
	return sameOwner(b.MailboxDir())
}

// catchAll is about who gets what nobody else can get.
func (p *patient) catchAll(context.Context) Step {
	if !p.look.Registry.OK() {
		return unknown()
	}
	for _, role := range [...]string{recipients.DevCentral, recipients.Assistant} {
		b, err := p.Roles.Find(p.look, role)
		if err != nil {
			continue
		}
		if err := p.mayWrite(b); err != nil {
			return wrong(remedyOf(err), "%s catches what nobody else can get, and has no mailbox that can be used: %v", b.Name, err)
		}
		if err := b.Inbox.Err; err != nil {
			return wrong(aipass.Remedy(aipass.InboxLabel, err), "%s catches what nobody else can get, and its inbox cannot be used: %v", b.Name, err)
		}
		return fine("%s gets what nobody else can get", b.Name)
	}
	return wrong("register one, or name who it is with --recipient.dev-central=@NAME",
		"nobody is registered as %s or %s, to catch what nobody else can get", recipients.DevCentral, recipients.Assistant)
}
