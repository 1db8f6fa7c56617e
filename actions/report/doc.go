// Package report writes the daily report of an AIPass host: what is wrong, how
// mail, memory, plans and logs stand, what cleanups did and how to put it back,
// and what has changed since the report before.
//
// It is a function of what it is given: a look, the state, the journal, and a
// history of metrics if there is one. It holds no threshold: what is bad is for
// the alert rules to say and, until they have been evaluated, for AIPass's own
// limits. What agents wrote is quoted and cut, for the report's readers are
// agents too. [Send] puts it into one mailbox, once for each date.
package report
