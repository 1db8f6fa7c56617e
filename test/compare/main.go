// Compare measures the programs as whole processes on generated hosts of several
// sizes: the exporter against stat of the same files, which no reader can beat,
// and the same job in plain Python; counting log messages against ripgrep; the
// cleanup of mail against cat. It prints Markdown tables, the last of which is
// the design's goals and whether they are met.
//
// It builds nothing: the numbers are those of this machine, with files in the
// page cache.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	app := kingpin.New("compare", "Measures the exporter and the cleanup against stat, cat and plain Python.")
	exporter := app.Flag("exporter", "The exporter to measure.").Default("bin/aipass-exporter").ExistingFile()
	actions := app.Flag("actions", "The actions to measure.").Default("bin/aipass-actions").ExistingFile()
	branches := app.Flag("branches", "Sizes of the hosts, with commas between.").Default("30,2000,10000").String()
	logs := app.Flag("logs", "Megabytes of logs to count messages in, with commas between; 0 for none.").Default("500,1000").String()
	runs := app.Flag("runs", "Runs of each, of which the median counts.").Default("5").Int()
	output := app.Flag("output", "Where to write the table instead of standard output.").String()
	if _, err := app.Parse(args); err != nil {
		return err
	}
	sizes, err := parseSizes(*branches)
	if err != nil {
		return err
	}
	if *runs < 1 {
		return fmt.Errorf("runs: %d is not enough", *runs)
	}
	rounds, err := compare(programs{*exporter, *actions}, sizes, *runs)
	if err != nil {
		return err
	}
	shapes, err := parseShapes(*logs)
	if err != nil {
		return err
	}
	counted, err := compareCounting(programs{*exporter, *actions}, shapes, *runs)
	if err != nil {
		return err
	}
	table := intro(*runs) + markdown(rounds)
	if len(counted) > 0 {
		table += "\n" + logMarkdown(counted)
	}
	table += "\n" + goalsMarkdown(rounds, counted)
	if *output != "" {
		return os.WriteFile(*output, []byte(table), 0o644)
	}
	_, err = io.WriteString(stdout, table)
	return err
}

func parseSizes(list string) ([]int, error) {
	var sizes []int
	for text := range strings.SplitSeq(list, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || size < 2 {
			return nil, fmt.Errorf("branches: %q is not a number from 2 upwards", text)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

// compare lays one host after another, so that only one is on disk at a time.
func compare(p programs, sizes []int, runs int) ([]round, error) {
	var rounds []round
	for _, size := range sizes {
		r, err := compareAt(p, size, runs)
		if err != nil {
			return nil, fmt.Errorf("%d branches: %w", size, err)
		}
		rounds = append(rounds, r)
	}
	return rounds, nil
}

func compareAt(p programs, size, runs int) (r round, err error) {
	dir, err := os.MkdirTemp("", "aipass-compare-")
	if err != nil {
		return round{}, err
	}
	defer os.RemoveAll(dir)
	track, err := prepare(dir, size, time.Now())
	if err != nil {
		return round{}, err
	}
	time.Sleep(settled)
	if err := forgetPeak(); err != nil {
		return round{}, err
	}
	r = round{branches: size, files: track.files, results: map[string]result{}}
	for _, c := range contestants(p, track) {
		if c.most > 0 && size > c.most {
			continue
		}
		if r.results[c.name], err = c.compete(runs); err != nil {
			return round{}, err
		}
	}
	r.samples, err = countSamples(track.firstOut)
	return r, err
}
