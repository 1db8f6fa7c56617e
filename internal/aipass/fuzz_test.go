package aipass

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// The seeds stand in testdata/fuzz.

// anyDocument parses a document whole and byte by byte, which must make no
// difference, and makes sure that a refused one is malformed.
func anyDocument[T any](t *testing.T, text string, parse func(*jsonfile.Decoder) (T, error)) (value T, ok bool) {
	t.Helper()
	value, err := parsed(text, parse)
	d := jsonfile.NewDecoder(iotest.OneByteReader(strings.NewReader(text)))
	inBytes, byteErr := parse(d)
	if byteErr == nil {
		byteErr = d.End()
	}
	if err != nil && !errors.Is(err, jsonfile.ErrMalformed) {
		t.Errorf("%q: got %v, want a malformed document", text, err)
	}
	if fmt.Sprint(err) != fmt.Sprint(byteErr) || err == nil && fmt.Sprintf("%+v", value) != fmt.Sprintf("%+v", inBytes) {
		t.Errorf("%q: whole: %+v, %v; byte by byte: %+v, %v", text, value, err, inBytes, byteErr)
	}
	return value, err == nil
}

// wantNoted says that a value is what is read of a note of it.
func wantNoted[T any](t *testing.T, f form[T], value T) {
	t.Helper()
	text := f.write(nil, &value)
	var got T
	r := noteReader{rest: text}
	f.read(&r, &got)
	if r.broken || len(r.rest) > 0 || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", value) {
		t.Errorf("got %+v, want %+v, of %q", got, value, text)
	}
}

// Anything may stand in a file of notes; what is read of it is a value or nothing.
func FuzzNotes(f *testing.F) {
	f.Add([]byte{}, byte(noteOfInbox))
	f.Add([]byte(notes(nil).add(noteOfInbox, identity{1, 2, 3, 4, 5}, []byte{0, 1, 1, 2})), byte(noteOfInbox))
	f.Fuzz(func(t *testing.T, text []byte, what byte) {
		id, value, ok := notes(text).find(kind(what))
		again, same, found := notes(nil).add(kind(what), id, value).find(kind(what))
		if ok && (!found || again != id || string(same) != string(value)) {
			t.Errorf("%q: got %+v and %q, of which %+v and %q", text, id, value, again, same)
		}
		for _, rest := range [][]byte{text, value} {
			in, m, d := Inbox{}, Memory{}, Dashboard{}
			r := noteReader{rest: rest}
			if readInbox(&r, &in); !r.broken {
				wantNoted(t, formOfInbox(), in)
			}
			readMemoryNote(&noteReader{rest: rest}, &m)
			formOfDashboard(time.UTC).read(&noteReader{rest: rest}, &d)
		}
	})
}

// Every entry is a branch: it has a name of its own, an address and a path.
func FuzzRegistry(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		reg, _ := anyDocument(t, text, parseRegistry)
		for _, e := range reg.Entries {
			if e.Name == "" || e.Email == "" || e.path == "" {
				t.Errorf("%q: got %+v", text, e)
			}
		}
		h := host{
			registries: [...]File[Registry]{Legacy: {Value: reg}, Modern: {}},
			dirs:       newResolver("/nowhere", nil),
		}
		seen := map[string]bool{}
		list, skipped := h.pending()
		for _, p := range list {
			if key := strings.ToLower(p.Name); seen[key] {
				t.Errorf("%q: two branches %s", text, p.Name)
			} else {
				seen[key] = true
			}
		}
		if got, want := len(seen)+len(skipped), len(reg.Entries)+len(reg.skipped); got != want {
			t.Errorf("%q: %d entries are accounted for, want %d", text, got, want)
		}
	})
}

// Every message has one status.
func FuzzInbox(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		in, _ := anyDocument(t, text, func(d *jsonfile.Decoder) (Inbox, error) { return parseInbox(d, time.UTC) })
		wantNoted(t, formOfInbox(), in)
		sum := 0
		for _, status := range MailStatuses {
			sum += in.Count(status)
			oldest, dated := in.Oldest(status)
			if n := in.OlderThan(status, oldest); dated && n != 0 {
				t.Errorf("%q: %d %v are older than the oldest", text, n, status)
			}
		}
		if sum != len(in.Messages) {
			t.Errorf("%q: %d messages with a status, want %d", text, sum, len(in.Messages))
		}
		for _, m := range in.Messages {
			if m.AwaitsDispatch && m.Status != NewMail {
				t.Errorf("%q: %v mail awaits dispatch", text, m.Status)
			}
		}
	})
}

// The lines are counted whatever is in them.
func FuzzMemory(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		m, err := memoryOf(text)
		wantNoted(t, formOfMemory(noteOfLocal), m)
		if n, ok := plainLines(text); ok != m.LinesKnown || ok && n != m.Lines {
			t.Errorf("%q: got %d lines, %t, want %d, %t", text, m.Lines, m.LinesKnown, n, ok)
		}
		if err != nil && !errors.Is(err, jsonfile.ErrMalformed) {
			t.Errorf("%q: got %v, want a malformed document", text, err)
		}
		if parsed, ok := anyDocument(t, text, parseMemory); ok != (err == nil) || ok && parsed.entries != m.entries {
			t.Errorf("%q: got %+v, %v, want %+v, %t", text, m, err, parsed, ok)
		}
	})
}

// A legacy branch always has a limit of lines, a modern one at most some of entries.
func FuzzLimits(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		b := &Branch{Entry: Entry{Name: "Drone"}, Dir: "/srv/Drone"}
		for _, layout := range layouts {
			l, _ := anyDocument(t, text, limitsOf(layout))
			s := Snapshot{}
			s.limits[layout] = l
			m := &Memory{layout: layout}
			if n := s.linesLimit(b, m); (n != 0) != (layout == Legacy) {
				t.Errorf("%q: %v lines: got %v", text, layout, n)
			}
			for _, array := range EntryArrays {
				if n := s.entriesLimit(b, localKind, array, m); n != 0 && (layout == Legacy || !rolled(localKind, array)) {
					t.Errorf("%q: %v %s: got %v", text, layout, array, n)
				}
			}
		}
	})
}

// A date alone means some time of that day.
func FuzzDashboard(f *testing.F) {
	loc := berlin(f)
	f.Fuzz(func(t *testing.T, text string) {
		d, _ := anyDocument(t, text, func(d *jsonfile.Decoder) (Dashboard, error) { return parseDashboard(d, loc) })
		if !d.Updated.IsZero() {
			d.Updated = d.Updated.In(loc)
		}
		wantNoted(t, formOfDashboard(loc), d)
		file := File[Dashboard]{Head: Head{stamp: written.Unix()<<1 | 1}, Value: d}
		got, day := UpdatedAt(&file), d.Updated
		if d.dayOnly && day.Year() > 1950 && (got.Before(day) || !got.Before(day.AddDate(0, 0, 1))) {
			t.Errorf("%q: got %v, want it on the day %v", text, got, day)
		}
	})
}

func FuzzAgent(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		anyDocument(t, text, func(d *jsonfile.Decoder) (Agent, error) { return parseAgent(d, time.UTC) })
	})
}

func FuzzPlans(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		if p, _ := anyDocument(t, text, parseFlowPlans); p.Open < 0 || p.Closed < 0 || p.Open+p.Closed > len(text) || len(p.Oldest) > MaxPlans {
			t.Errorf("%q: got %+v", text, p)
		}
	})
}

// A timestamp without a zone is what the clock on the wall shows, at the later
// of two times if it shows it twice, unless it never does.
func FuzzTime(f *testing.F) {
	locations := []*time.Location{berlin(f), zone(f, "America/New_York"), zone(f, "Australia/Lord_Howe"), time.UTC}
	naive := regexp.MustCompile(`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d([.,]\d+)?$`)
	const wall = "2006-01-02T15:04:05.999999999"
	f.Fuzz(func(t *testing.T, text string) {
		for _, loc := range locations {
			got, ok := ParseTime(text, loc)
			if !ok || got.Year() < 1950 || got.Year() > 9998 {
				continue
			}
			again, ok := ParseTime(got.Format(time.RFC3339Nano), loc)
			if !ok || !again.Equal(got) {
				t.Errorf("%q in %v: %v is read as %v", text, loc, got, again)
			}
			shown := got.In(loc).Format(wall)
			for _, later := range []time.Duration{30 * time.Minute, time.Hour} {
				if naive.MatchString(text) && got.Add(later).In(loc).Format(wall) == shown {
					t.Errorf("%q in %v: %v is not the later of two", text, loc, got)
				}
			}
			want := strings.NewReplacer(" ", "T", ",", ".").Replace(text)
			if _, offset := got.In(loc).Zone(); naive.MatchString(text) && !strings.Contains(want, ".") && shown != want && !inGap(want, loc, offset) {
				t.Errorf("%q in %v: got %s", text, loc, shown)
			}
		}
	})
}

// inGap says whether the clocks in loc were put forward past a time: no
// offset around makes them show it.
func inGap(naive string, loc *time.Location, offset int) bool {
	t, _ := time.Parse("2006-01-02T15:04:05", naive)
	for _, d := range []int{-3600, -1800, 0, 1800, 3600} {
		u := t.Add(-time.Duration(offset+d) * time.Second)
		if _, at := u.In(loc).Zone(); at == offset+d {
			return false
		}
	}
	return true
}

// Lines are the same however the file is cut into reads.
func FuzzLines(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, cuts []byte) {
		want, valid := plainLines(text)
		got, ok := count(t, &cutReader{strings.NewReader(text), cuts})
		if ok != valid || ok && got != want {
			t.Errorf("%q cut as %v: got %d, %t, want %d, %t", text, cuts, got, ok, want, valid)
		}
	})
}

// A cutReader returns as much at a time as cuts says, and then the rest.
type cutReader struct {
	r    io.Reader
	cuts []byte
}

func (c *cutReader) Read(p []byte) (int, error) {
	if len(c.cuts) > 0 {
		p, c.cuts = p[:min(len(p), int(c.cuts[0]))], c.cuts[1:]
	}
	return c.r.Read(p)
}

// plainLines counts lines as simply as can be.
func plainLines(text string) (n int, ok bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	n = strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n, utf8.ValidString(text)
}
