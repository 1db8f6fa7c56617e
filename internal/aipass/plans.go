package aipass

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// Plans counts Flow's plans. AIPass has two statuses; what is not open counts
// as closed.
type Plans struct {
	Open, Closed int
	// Oldest are the open plans that have been so for longest, the oldest
	// first, at most MaxPlans of them.
	Oldest []Plan
}

// MaxPlans is how many open plans are known by name.
const MaxPlans = 5

// A Plan is an open one.
type Plan struct {
	ID      string // as AIPass shows it, such as FPLAN-0042
	Subject string // an agent's words
	Created time.Time
}

// Dated says whether it is known since when the plan is open.
func (p Plan) Dated() bool { return !p.Created.IsZero() }

// before orders plans by age; those whose age nobody knows come last.
func (p Plan) before(other Plan) int {
	if p.Dated() != other.Dated() {
		return other.Created.Compare(p.Created)
	}
	return cmp.Or(p.Created.Compare(other.Created), strings.Compare(p.ID, other.ID))
}

// add keeps an open plan if it is one of the oldest.
func (p *Plans) add(plan Plan) {
	at, _ := slices.BinarySearchFunc(p.Oldest, plan, Plan.before)
	if at < MaxPlans {
		p.Oldest = slices.Insert(p.Oldest, at, plan)
		p.Oldest = p.Oldest[:min(len(p.Oldest), MaxPlans)]
	}
}

// merge adds the plans of another registry.
func (p *Plans) merge(other Plans) {
	p.Open += other.Open
	p.Closed += other.Closed
	for _, plan := range other.Oldest {
		p.add(plan)
	}
}

// parsePlans reads a registry whose plans' numbers follow a prefix.
func parsePlans(d *jsonfile.Decoder, prefix string, loc *time.Location) (Plans, error) {
	var p Plans
	if err := wantObject(d); err != nil {
		return p, err
	}
	err := d.Object(func(name string) error {
		if name != "plans" {
			return nil
		}
		p = Plans{}
		return members(d, func(number string) error { return p.parsePlan(d, prefix+number, loc) })
	})
	return p, err
}

func (p *Plans) parsePlan(d *jsonfile.Decoder, id string, loc *time.Location) error {
	var status, subject, created jsonfile.Value
	err := members(d, func(field string) (err error) {
		switch field {
		case "status":
			status, err = d.Value()
		case "subject":
			subject, err = d.Value()
		case "created":
			created, err = d.Value()
		}
		return err
	})
	if text(status) != "open" {
		p.Closed++
		return err
	}
	p.Open++
	plan := Plan{ID: id, Subject: text(subject)}
	if t, ok := ParseTime(text(created), loc); ok {
		plan.Created = t
	}
	p.add(plan)
	return err
}
