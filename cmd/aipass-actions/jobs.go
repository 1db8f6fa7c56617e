package main

import (
	"context"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/schedule"
)

// The jobs that run by themselves, by the names of their actions.
const (
	cleanupJob = "cleanup"
	reportJob  = "report"
)

// reportHour is when the report is sent.
const reportHour = 8

// jobs are in the order in which a catch-up does them: a report tells of what
// was done before it. Their slots are on the clock of this machine, for that
// is the one that cron has.
func jobs() []schedule.Job {
	return []schedule.Job{
		{Name: cleanupJob, Timing: schedule.Hourly(time.Local)},
		{Name: reportJob, Timing: schedule.Daily(reportHour, time.Local)},
	}
}

// reportSlots is the report among the jobs.
func reportSlots() schedule.Job { return jobs()[1] }

// A jobRun does a job, if the state that it finds says that it is wanted.
type jobRun func(ctx context.Context, wanted func(*actions.State) bool) error
