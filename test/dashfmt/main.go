// Dashfmt writes the dashboards the way they are kept in the repository, so that
// a change of one shows as what it is. An export from Grafana may be put over a
// file and formatted; the tests say what is wrong with it then.
package main

import (
	"fmt"
	"os"

	"github.com/aiosai/aipass-exporter/grafana/dashboard"
)

func main() {
	for _, file := range os.Args[1:] {
		if err := format(file); err != nil {
			fmt.Fprintln(os.Stderr, "dashfmt:", err)
			os.Exit(1)
		}
	}
}

func format(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	formatted, err := dashboard.Format(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, formatted, 0o644)
}
