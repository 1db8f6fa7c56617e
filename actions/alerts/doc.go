// Package alerts turns what Alertmanager says into mail: a [Notification]
// becomes, or changes, messages in the mailboxes of the branches that have to
// know.
//
// One of Alertmanager's groups is one living message, and an alert is in exactly
// one message for as long as it fires. What a message stands for travels inside
// it, as an extra object that every program of AIPass keeps, so that mail and
// state change in one write: a notification that comes twice, from a second
// Alertmanager or after a lost reply, in whatever order, changes nothing.
//
// The readers are agents, so text of alerts is data: quoted, on one line, cut,
// without markup and without what does not print, in a frame that is always the
// same. The package judges no values, delivers no auto_execute mail, keeps no
// state of its own, and never loses an alert: what has no mailbox goes to who
// catches all.
package alerts
