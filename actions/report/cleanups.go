package report

import "fmt"

func (w *writer) cleanups() {
	w.heading("Mail Cleanup")
	total := w.State.MailCleanup
	if total.LastRun.IsZero() {
		w.line("- No cleanup has run yet")
	} else {
		w.line("- Last run: %s; all runs together: opened %d, closed %d, failed %d", w.when(total.LastRun),
			total.Stats.AutoOpened, total.Stats.AutoClosed, total.Stats.Errors)
	}
	var lines []string
	for _, run := range w.Runs {
		if run.Started.Before(w.To.Add(-Window)) || !run.Started.Before(w.To) {
			continue
		}
		opened, closed := run.Count()
		if opened+closed == 0 {
			continue
		}
		line := fmt.Sprintf("%s: opened %d, closed %d", w.when(run.Started), opened, closed)
		if run.Undone() {
			line += ", and all of it put back"
		} else {
			line += "; to put it back: " + w.Undo(run.ID)
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		w.line("- Runs of 24 hours that changed something: %d", len(lines))
		w.list("  ", lines)
	}
}
