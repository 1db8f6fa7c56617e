package main

import (
	"fmt"

	"github.com/aiosai/aipass-exporter/actions/doctor"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// A doctorReport is what doctor says, and the shape of its JSON.
type doctorReport struct {
	Home    string        `json:"home"`
	Healthy bool          `json:"healthy"`
	Steps   []doctor.Step `json:"steps"`
}

func (f *doctorFlags) write(report doctorReport) error {
	r := f.shared.room
	if f.asJSON {
		return writeJSON(r.Stdout, report)
	}
	t := newTable(r)
	count := map[doctor.Result]int{}
	for _, s := range report.Steps {
		count[s.Result]++
		detail := s.Detail
		if s.Result == doctor.Skipped {
			detail = "skipped, " + detail
		}
		t.Add(mark(s.Result), cli.Cell{Text: s.Name}, cli.Cell{Text: detail})
		if s.Remedy != "" {
			t.Add(cli.Cell{}, cli.Cell{}, cli.Cell{Text: "→ " + s.Remedy, Colour: cli.Yellow})
		}
	}
	if err := t.Write(harmless{r.Stdout}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(harmless{r.Stdout}, "%s: %d steps in order, %d at fault, %d skipped\n",
		cli.Printable(report.Home), count[doctor.OK], count[doctor.Fault], count[doctor.Skipped])
	return err
}

func mark(result doctor.Result) cli.Cell {
	switch result {
	case doctor.OK:
		return cli.Cell{Text: "✓", Colour: cli.Green}
	case doctor.Fault:
		return cli.Cell{Text: "✗", Colour: cli.Red}
	}
	return cli.Cell{Text: "–"}
}
