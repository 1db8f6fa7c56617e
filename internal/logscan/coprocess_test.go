package logscan

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
)

// coprocess starts a program that answers each number with a line when it has
// done that much.
func (f *fleet) coprocess(name string, args ...string) (do func(n int)) {
	f.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	f.must(err)
	out, err := cmd.StdoutPipe()
	f.must(err)
	f.must(cmd.Start())
	answers := bufio.NewScanner(out)
	f.t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			f.t.Errorf("%s: %v", name, err)
		}
	})
	return func(n int) {
		f.t.Helper()
		_, err := fmt.Fprintln(in, n)
		f.must(err)
		if !answers.Scan() {
			f.t.Fatalf("%s ended: %v", name, answers.Err())
		}
	}
}
