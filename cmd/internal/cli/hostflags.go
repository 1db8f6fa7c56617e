package cli

import (
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // --aipass.timezone works on hosts without a zone database

	"github.com/alecthomas/kingpin/v2"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A FlagGroup takes flags: a command, or a whole application.
type FlagGroup interface {
	Flag(name, help string) *kingpin.FlagClause
}

// HostFlags say which host to look at and how.
type HostFlags struct {
	Timeout time.Duration // of one look

	sys            System
	home, timezone string
	pathMap        []string
}

// AddHostFlags adds them to a command, or to all with an application.
func AddHostFlags(g FlagGroup, sys System, timeout string) *HostFlags {
	f := &HostFlags{sys: sys}
	g.Flag("aipass.home", "The directory that holds the registry. Without it, looked for as AIPass does: upwards from here, then in the home directory.").
		PlaceHolder("DIR").Envar("AIPASS_HOME").StringVar(&f.home)
	g.Flag("aipass.path-map", "Where paths of the registry stand on this machine. Repeatable.").
		PlaceHolder("FROM=TO").StringsVar(&f.pathMap)
	g.Flag("aipass.timezone", "Zone of AIPass's timestamps, such as Europe/Berlin; Local is this machine's.").
		Default("Local").StringVar(&f.timezone)
	g.Flag("timeout", "Longest time for one look; what is not reached by then is reported as unreadable.").
		Default(timeout).DurationVar(&f.Timeout)
	return f
}

// Tree finds the host. What is wrong here is wrong with the command line.
func (f *HostFlags) Tree() (aipass.Tree, error) {
	tree, err := f.open(false)
	return tree, Usage(err)
}

// MailTree is the Tree for commands that look at the mail only.
func (f *HostFlags) MailTree() (aipass.Tree, error) {
	tree, err := f.open(true)
	return tree, Usage(err)
}

// Location is the zone that was chosen. What is wrong with it is wrong with the
// command line.
func (f *HostFlags) Location() (*time.Location, error) {
	location, err := f.location()
	return location, Usage(err)
}

func (f *HostFlags) open(mailOnly bool) (aipass.Tree, error) {
	if f.Timeout <= 0 {
		return aipass.Tree{}, errors.New("--timeout must be above 0, try --help")
	}
	options, err := f.options()
	if err != nil {
		return aipass.Tree{}, err
	}
	options.MailOnly = mailOnly
	home, err := f.root()
	if err != nil {
		return aipass.Tree{}, err
	}
	return aipass.Open(home, options)
}

func (f *HostFlags) options() (options aipass.Options, err error) {
	for _, s := range f.pathMap {
		m, err := aipass.ParsePathMapping(s)
		if err != nil {
			return options, fmt.Errorf("--aipass.path-map: %w", err)
		}
		options.PathMap = append(options.PathMap, m)
	}
	options.Now = f.sys.Now
	options.Location, err = f.location()
	return options, err
}

func (f *HostFlags) location() (*time.Location, error) {
	if f.timezone == "" {
		return nil, errors.New("--aipass.timezone is empty: name a zone, or Local")
	}
	location, err := time.LoadLocation(f.timezone)
	if err != nil {
		return nil, fmt.Errorf("--aipass.timezone: %w", err)
	}
	return location, nil
}

func (f *HostFlags) root() (string, error) {
	if f.home != "" {
		return f.home, nil
	}
	dir, err := f.sys.WorkingDir()
	if err != nil {
		return "", fmt.Errorf("look for the AIPass home: %w", err)
	}
	return aipass.FindRoot(f.sys.Getenv, dir)
}
