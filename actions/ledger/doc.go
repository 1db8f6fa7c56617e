// Package ledger keeps the history of notifications: a file of lines in the
// state directory, one for everything that came of an alert or that was sent by
// hand.
//
// It is for people who ask what was told to whom, and when. Mail is the truth:
// nothing is decided by what the ledger says, and a program that is killed
// between the mail and the ledger leaves the line out.
package ledger
