package main

import (
	"context"
	"time"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/schedule"
)

// The jobs that run by themselves, by the names of their actions, which are
// commands.
const (
	runJob    = "run"
	reportJob = "report"
)

// cleanupJob is part of the run, and an action of its own.
const cleanupJob = "cleanup"

// reportHour is when the report is sent.
const reportHour = 8

// jobs are in the order in which a catch-up does them: a report tells of what
// was done before it. Their slots are on the clock of this machine, for that
// is the one that cron has.
func jobs() []schedule.Job {
	return []schedule.Job{{Name: runJob, Timing: schedule.Hourly(time.Local)}, dailyReport()}
}

func dailyReport() schedule.Job {
	return schedule.Job{Name: reportJob, Timing: schedule.Daily(reportHour, time.Local)}
}

// A jobRun does a job, if the state that it finds says that it is wanted.
type jobRun func(ctx context.Context, wanted func(*actions.State) bool) error
