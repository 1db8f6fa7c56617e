package doctor

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Names, as commands: of this program, and of what starts jobs.
const (
	thisProgram = "aipass-actions"
	runJob      = "run"
	reportJob   = "report"
	catchUp     = "catch-up"
)

// A call is a line of a crontab that starts a job.
type call struct {
	program, job string
	home, path   string // what --aipass.home and PATH are for it, "" if nothing says so
	atBoot       bool   // and not again
}

// A table is lines of a crontab.
type table struct {
	text string
	// shared ones are the machine's: their lines name a user, and start programs
	// of all kinds.
	shared bool
}

var (
	setting = regexp.MustCompile(`^(\w+)\s*=\s*["']?(.*?)["']?$`)
	entry   = regexp.MustCompile(`^(@\w+|(?:[^\s@]\S*\s+){4}\S+)\s+(\S.*)$`)
	owner   = regexp.MustCompile(`^\S+\s+`)
)

// calls are the jobs that the lines start. Comments start none.
func (t table) calls() (calls []call) {
	set := map[string]string{}
	for line := range strings.Lines(t.text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if s := setting.FindStringSubmatch(line); s != nil {
			set[s[1]] = s[2]
			continue
		}
		e := entry.FindStringSubmatch(line)
		if e == nil {
			continue
		}
		command := strings.ReplaceAll(e[2], `\%`, "%")
		if t.shared {
			command = owner.ReplaceAllString(command, "")
		}
		for _, words := range commands(command) {
			if c, is := t.call(words); is {
				c.path, c.atBoot = set["PATH"], e[1] == "@reboot"
				if c.home == "" {
					c.home = set["AIPASS_HOME"]
				}
				calls = append(calls, c)
			}
		}
	}
	return calls
}

// call finds the program among the words of a command: nice and the like can stand
// before it. In a block of ours it may have any name.
func (t table) call(words []string) (c call, is bool) {
	for i, word := range words {
		args := words[i+1:]
		if path.Base(word) != thisProgram && (t.shared || len(args) == 0 || !isJob(args[0])) {
			continue
		}
		if at := slices.IndexFunc(args, isJob); at >= 0 {
			return call{program: word, job: args[at], home: homeOf(words)}, true
		}
	}
	return call{}, false
}

func isJob(word string) bool { return word == runJob || word == reportJob || word == catchUp }

// homeOf is the AIPass home that a command names, "" if it names none.
func homeOf(words []string) (home string) {
	for i, word := range words {
		if value, is := strings.CutPrefix(word, "--aipass.home="); is {
			return value
		}
		if word == "--aipass.home" && i+1 < len(words) {
			return words[i+1]
		}
		if value, is := strings.CutPrefix(word, "AIPASS_HOME="); is {
			home = value
		}
	}
	return home
}

var (
	token = regexp.MustCompile(`[;&|()<>]+|(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\;&|()<>])+`)
	piece = regexp.MustCompile(`'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|([^'"\\]+)`)
)

// commands are the simple ones of a shell's line, as their words. What a shell
// would fill in stays as it is.
func commands(line string) [][]string {
	all := [][]string{nil}
	for _, t := range token.FindAllString(line, -1) {
		if strings.ContainsAny(t[:1], ";&|()<>") {
			all = append(all, nil)
			continue
		}
		last := len(all) - 1
		all[last] = append(all[last], piece.ReplaceAllString(t, "$1$2$3$4"))
	}
	return all
}
