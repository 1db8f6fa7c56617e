// Layhost lays a demo AIPass host into a new directory, or a large regular one
// for measuring, and prints where. Nothing lives on such a host: it is for
// trying the exporter without a real one.
package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/internal/demohost"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "layhost:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	app := kingpin.New("layhost", "Lays a demo AIPass host.")
	branches := app.Flag("branches", "Lay this many regular branches instead of the demo's cast.").Int()
	dir := app.Arg("dir", "Where to: an empty directory, or one to be made.").Required().String()
	if _, err := app.Parse(args); err != nil {
		return err
	}
	if err := lay(*dir, *branches, time.Now()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, *dir)
	return err
}

func lay(dir string, branches int, now time.Time) error {
	if branches > 0 {
		return demohost.Generate(dir, branches, now)
	}
	return demohost.Lay(dir, now)
}
