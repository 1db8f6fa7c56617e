package main

import (
	"context"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/doctor"
)

// test sends a test mail, after what has been found of the way.
func (f *doctorFlags) test(ctx context.Context, d *doctor.Doctor, found []doctor.Step) doctor.Step {
	logger, tally := f.shared.newLogger(), new(actions.Tally)
	test := &doctor.Test{Doctor: d, To: f.sendTest, Patience: f.patience}
	if f.servers.Alertmanager != "" { // the receiver writes the mail, and counts it
		return test.Run(ctx, found)
	}
	h := host{tree: d.Tree, mailbox: d.Mailbox}
	h.mailbox.Observer = tally
	desk, err := f.desk.desk(f.shared, h, tally, func(err error) {
		logger.Error("history not kept, the mail is written", "err", err)
	})
	if err != nil {
		return test.Failed(err)
	}
	test.Desk = desk
	step := test.Run(ctx, found)
	if step.Result != doctor.Skipped {
		f.shared.countMail(ctx, h, tally, logger)
	}
	return step
}
