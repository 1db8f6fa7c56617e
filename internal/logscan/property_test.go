package logscan

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A story is a random sequence of what befalls a log and its backups, with a
// model of what a counter can know of it.
type story struct {
	*fleet
	random *rand.Rand
	told   []string // what has happened
	serial int

	files [1 + backups]*text // the live one and its backups; nil is none
	// What has to have been counted, and what was gone before anybody looked.
	errors, read, unseen int64
}

// backups are how many rotation keeps.
const backups = 2

// A text is a file's content and how much of it has been counted.
type text struct {
	content string
	counted int
}

func TestCountedAndLostIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := &story{fleet: newFleet(t), random: rand.New(rand.NewPCG(seed, 6))}
			for len(s.told) < 60 && !t.Failed() {
				s.next()
			}
			s.look()
			if t.Failed() {
				t.Log(strings.Join(s.told, ", "))
			}
		})
	}
}

func (s *story) next() {
	steps := []struct {
		name string
		do   func()
	}{
		{"write", s.writeSome},
		{"write", s.writeSome},
		{"write", s.writeSome},
		{"write half a line", s.writeHalf},
		{"look", s.look},
		{"look", s.look},
		{"look", s.look},
		{"crash", s.crash},
		{"rename", s.rotate},
		{"copy and truncate", s.copyTruncate},
		{"copy", s.copy},
		{"truncate", s.truncate},
		{"delete", s.delete},
		{"write to the backup", s.writeLate},
	}
	step := steps[s.random.IntN(len(steps))]
	s.told = append(s.told, step.name)
	step.do()
}

// line is like no other.
func (s *story) line() string {
	s.serial++
	return fmt.Sprintf("2026-03-06 19:26:01 - captured_ops - ERROR - number %d%s\n", s.serial, strings.Repeat(".", s.random.IntN(200)))
}

func name(i int) string {
	if i == 0 {
		return droneLog
	}
	return fmt.Sprintf("%s.%d", droneLog, i)
}

func (s *story) write(i int, what string) {
	if s.files[i] == nil {
		s.files[i] = &text{}
	}
	s.append(name(i), what)
	s.files[i].content += what
}

func (s *story) writeSome() {
	for range s.random.IntN(20) {
		s.write(0, s.line())
	}
}

func (s *story) writeHalf() { s.write(0, strings.TrimSuffix(s.line(), "\n")) }

func (s *story) writeLate() {
	if s.files[1] != nil {
		s.write(1, s.line())
	}
}

// look compares the counts with the model.
func (s *story) look() {
	for i, f := range s.files {
		if f != nil {
			s.see(i, f)
		}
	}
	got := s.ops()
	if n := got.Messages[aipass.ErrorLog]; n != s.errors || got.Read != s.read || got.Lost > s.unseen {
		s.t.Errorf("got %d errors in %d bytes and %d lost, want %d in %d and at most %d", n, got.Read, got.Lost, s.errors, s.read, s.unseen)
	}
}

// see counts in the model.
func (s *story) see(i int, f *text) {
	end := len(f.content)
	if i == 0 { // the last line may go on
		end = max(f.counted, strings.LastIndexByte(f.content, '\n')+1)
	}
	for at := range end {
		if at >= f.counted && (at == 0 || f.content[at-1] == '\n') && strings.HasPrefix(f.content[at:], "2026") {
			s.errors++
		}
	}
	s.read += int64(end - f.counted)
	f.counted = end
}

// crash is a run that ends before it has saved anything.
func (s *story) crash() {
	path := s.counter.path()
	before, err := os.ReadFile(path)
	if err != nil {
		return // nothing to fall back to: the next run is the first
	}
	s.count()
	s.must(os.WriteFile(path, before, 0o600))
	s.restart(s.counter.options)
}

func (s *story) gone(f *text) {
	if f != nil {
		s.unseen += int64(len(f.content) - f.counted)
	}
}

// makeRoom moves the backups on.
func (s *story) makeRoom() {
	s.gone(s.files[backups])
	for i := backups; i > 1; i-- {
		s.move(i-1, i)
	}
	if backups == 1 && s.files[1] != nil {
		s.remove(name(1))
	}
	s.files[1] = nil
}

func (s *story) move(from, to int) {
	if s.files[to] != nil {
		s.remove(name(to))
	}
	if s.files[from] != nil {
		s.rename(name(from), name(to))
	}
	s.files[to], s.files[from] = s.files[from], nil
}

func (s *story) rotate() {
	if s.files[0] != nil {
		s.makeRoom()
		s.move(0, 1)
	}
}

func (s *story) copyTruncate() {
	if s.files[0] != nil {
		s.makeRoom()
		copied := *s.files[0]
		s.fleet.write(name(1), copied.content)
		s.must(os.Truncate(s.path(name(0)), 0))
		s.files[1], s.files[0] = &copied, &text{}
	}
}

// copy leaves the original, in which everything is counted; of half a line
// nobody could say later which of the two it is to be counted in.
func (s *story) copy() {
	if s.files[0] != nil {
		s.write(0, "\n"+s.line())
		s.look()
		s.makeRoom()
		s.fleet.write(name(1), s.files[0].content)
		s.files[1] = &text{s.files[0].content, len(s.files[0].content)}
		s.look()
	}
}

func (s *story) truncate() {
	if s.files[0] != nil {
		s.gone(s.files[0])
		s.must(os.Truncate(s.path(name(0)), 0))
		s.files[0] = &text{}
	}
}

func (s *story) delete() {
	if s.files[0] != nil {
		s.gone(s.files[0])
		s.remove(name(0))
		s.files[0] = nil
	}
}
