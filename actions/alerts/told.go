package alerts

// An Outcome is what became of one alert of a notification.
type Outcome string

// The outcomes.
const (
	Delivered Outcome = "delivered" // in a new mail
	Updated   Outcome = "updated"   // in a mail that was there: added to it, or counted again
	Resolved  Outcome = "resolved"  // the mail says so
	Duplicate Outcome = "duplicate" // known already
	Folded    Outcome = "folded"    // in the digest of a storm
	Failed    Outcome = "failed"    // not written; it has to be sent again
)

// Outcomes lists all of them, in order.
func Outcomes() []Outcome { return []Outcome{Delivered, Updated, Resolved, Duplicate, Folded, Failed} }

// A Told is what became of an alert.
type Told struct {
	Branch      string // whose mailbox, "" if nobody has one
	Message     string // the mail's id, if there is one
	Fingerprint string
	Name        string // the alert's
	About       string // its branch label
	Severity    string
	Status      string
	Outcome     Outcome
	Err         error // why it failed
}

// A verdict is what an alert is news of, and the message that has it then.
type verdict struct {
	outcome Outcome
	thread  *thread
}

// keep notes the verdicts of an application that is about to be written. What
// was news then is none to the application that makes sure of it.
func (p *posting) keep(now []verdict) {
	if p.kept == nil {
		p.kept = now
		return
	}
	for i, v := range now {
		if v.outcome != Duplicate {
			p.kept[i] = v
		}
	}
}

// result is what became of the alerts of a posting that ended with err.
func (p *posting) result(err error) []Told {
	told := make([]Told, len(p.alerts))
	verdicts := p.kept
	if verdicts == nil {
		verdicts = p.last
	}
	branch := ""
	if p.branch != nil {
		branch = p.branch.Name
	}
	for i, a := range p.alerts {
		label := func(name string) string { return cut(a.Labels[name], nameLength) }
		told[i] = Told{
			Branch: branch, Fingerprint: a.Fingerprint, Status: a.Status, Outcome: Failed, Err: err,
			Name: label("alertname"), About: label("branch"), Severity: label("severity"),
		}
		if verdicts == nil {
			continue
		}
		if v := verdicts[i]; err == nil || v.outcome == Duplicate {
			told[i].Outcome, told[i].Message, told[i].Err = v.outcome, v.thread.id(), nil
		}
	}
	return told
}
