package demohost

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// A letter is a message as the cast describes it.
type letter struct {
	from     string // a branch's name
	subject  string
	body     string
	status   string
	age      time.Duration
	dispatch bool // an agent may be started by it
}

type inbox struct {
	Mailbox  string    `json:"mailbox"`
	Total    int       `json:"total_messages"`
	Unread   int       `json:"unread_count"`
	Messages []message `json:"messages"`
}

type message struct {
	ID          string `json:"id"`
	Timestamp   string `json:"timestamp"`
	From        string `json:"from"`
	FromName    string `json:"from_name"`
	Subject     string `json:"subject"`
	Message     string `json:"message"`
	Status      string `json:"status,omitempty"` // old mail has none, and counts as new
	AutoExecute bool   `json:"auto_execute"`
	Priority    string `json:"priority"`
	Read        bool   `json:"read,omitempty"`
	ArchivedAt  string `json:"archived_at,omitempty"`
}

// sentCopy is what a sender keeps: it has an addressee, but no id.
type sentCopy struct {
	From      string `json:"from"`
	FromName  string `json:"from_name"`
	To        string `json:"to"`
	Subject   string `json:"subject"`
	Message   string `json:"message"`
	Timestamp string `json:"timestamp"`
	Status    string `json:"status"`
}

// newInbox sorts the letters as delivery does, newest first.
func (h host) newInbox(b branch) *inbox {
	letters := slices.SortedStableFunc(slices.Values(b.letters), func(a, b letter) int {
		return cmp.Compare(a.age, b.age)
	})
	in := &inbox{Mailbox: "inbox", Total: len(letters), Messages: []message{}}
	for i, l := range letters {
		in.Messages = append(in.Messages, h.newMessage(messageID(b.name, i), l))
		if l.status == "new" || l.status == "" {
			in.Unread++
		}
	}
	return in
}

func (h host) newMessage(id string, l letter) message {
	return message{
		ID:          id,
		Timestamp:   h.stamp(l.age),
		From:        "@" + strings.ToLower(l.from),
		FromName:    l.from,
		Subject:     l.subject,
		Message:     l.body,
		Status:      l.status,
		AutoExecute: l.dispatch,
		Priority:    "normal",
		Read:        l.status == "opened" || l.status == "closed",
	}
}

// messageID looks like AIPass's random one, and is the same every time.
func messageID(branch string, number int) string {
	hash := fnv.New32a()
	fmt.Fprintf(hash, "%s/%d", branch, number)
	return fmt.Sprintf("%08x", hash.Sum32())
}

// archive gives a branch one sent and one closed letter.
func (h host) archive(b branch) {
	mailbox := b.places().mailbox
	h.doc(h.archiveName(mailbox+"/sent", 8*day, "Moved in"), 8*day, sentCopy{
		From:      b.address(),
		FromName:  b.name,
		To:        "@dev_central",
		Subject:   "Moved in",
		Message:   "The boxes are unpacked, the kettle is on. " + b.about + ".",
		Timestamp: h.stamp(8 * day),
		Status:    "sent",
	})
	closed := h.newMessage(messageID(b.name, -1), letter{
		from: "DEV_CENTRAL", subject: "RE_ Moved in", body: "Good. Mind the third stair.",
		status: "closed", age: 8*day - time.Hour,
	})
	closed.ArchivedAt = h.iso(7 * day)
	h.doc(h.archiveName(mailbox+"/deleted", 7*day, closed.Subject), 7*day, closed)
}

// archiveName expects a subject that needs no replacing.
func (h host) archiveName(dir string, age time.Duration, subject string) string {
	return dir + "/" + h.now.Add(-age).Format("20060102_150405") + "_" + subject + ".json"
}
