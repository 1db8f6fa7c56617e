// Package doctor proves, step by step, that what goes wrong on a host will be
// heard of: from AIPass's files, over the textfile, node_exporter, Prometheus and
// Alertmanager, to the mailboxes, and that cron does what it is to do.
//
// It reads, and asks servers over HTTP; only a test mail, if one is asked for,
// changes anything, and takes the way that all alerts take. It does not judge how
// the branches are: that is for the alert rules, whose way it proves. It repairs
// nothing, and says what would.
package doctor
