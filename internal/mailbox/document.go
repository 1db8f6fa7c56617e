package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// A document is an inbox in pieces: members and messages as raw JSON, in order.
type document struct {
	original []byte   // as read
	text     []byte   // the same without lone surrogates
	members  []member // of the top level; the messages' has no value
	messages [][]byte
}

// The members that AIPass writes.
const (
	mailboxMember  = "mailbox"
	totalMember    = "total_messages"
	unreadMember   = "unread_count"
	messagesMember = "messages"
	oldMember      = "inbox" // what messages was called once
)

// parse takes an inbox apart, in any of the shapes that AIPass takes or
// migrates. A lone surrogate escape, which Python reads and cannot write, is
// replaced; that is the one thing that is not kept.
func parse(data []byte) (*document, error) {
	original := data
	doc, err := takeApart(data)
	if errors.Is(err, jsonfile.ErrLoneSurrogate) {
		data = bytes.Clone(data)
		jsonfile.ReplaceLoneSurrogates(data)
		doc, err = takeApart(data)
	}
	if err != nil {
		return nil, err
	}
	doc.original, doc.text = original, data
	return doc, nil
}

func takeApart(data []byte) (*document, error) {
	r := newReader(data)
	doc := &document{}
	kind, err := r.Next()
	switch {
	case err != nil:
	case kind == jsonfile.Array:
		doc.messages, err = r.messages()
		doc.members = []member{newMember(messagesMember, "")}
	case kind == jsonfile.Object:
		if doc.members, err = r.members(); err == nil {
			doc.messages, err = doc.takeMessages()
		}
	default:
		err = malformed("neither an object nor a list")
	}
	if err == nil {
		err = r.End()
	}
	return doc, err
}

// takeMessages takes the mail out of the members; of two lists Python sees the
// last.
func (doc *document) takeMessages() ([][]byte, error) {
	at := lastIndex(doc.members, messagesMember)
	if at < 0 {
		at = lastIndex(doc.members, oldMember)
	}
	if at < 0 {
		doc.members = append(doc.members, newMember(messagesMember, ""))
		return nil, nil
	}
	list := doc.members[at].value
	doc.members[at] = newMember(messagesMember, "")
	return parseMessages(list)
}

// render writes the document as Python would, but for the messages and unknown
// members, which come out as they went in.
func (doc *document) render(unread int) []byte {
	doc.set(unreadMember, strconv.Itoa(unread))
	doc.set(totalMember, strconv.Itoa(len(doc.messages)))
	if lastIndex(doc.members, mailboxMember) < 0 {
		doc.set(mailboxMember, `"inbox"`)
	}
	var out bytes.Buffer
	list := lastIndex(doc.members, messagesMember)
	for i, m := range doc.members {
		fmt.Fprintf(&out, "%s\n  %s: %s", [...]string{"{", ","}[min(i, 1)], m.name, m.value)
		if i == list {
			doc.renderMessages(&out)
		}
	}
	out.WriteString("\n}")
	return out.Bytes()
}

func (doc *document) renderMessages(out *bytes.Buffer) {
	if len(doc.messages) == 0 {
		out.WriteString("[]")
		return
	}
	for i, raw := range doc.messages {
		out.WriteString([...]string{"[\n    ", ",\n    "}[min(i, 1)])
		out.Write(raw)
	}
	out.WriteString("\n  ]")
}

// set changes a member's value; one that is missing comes first.
func (doc *document) set(key, value string) {
	at := lastIndex(doc.members, key)
	if at < 0 {
		doc.members = slices.Insert(doc.members, 0, newMember(key, value))
		return
	}
	doc.members[at].value = []byte(value)
}

// malformed is for documents that are JSON but not what AIPass can work with.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{jsonfile.ErrMalformed}, args...)...)
}
