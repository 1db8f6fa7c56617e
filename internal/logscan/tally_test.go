package logscan

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// generatedLog is about size bytes of what AIPass writes.
func generatedLog(size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	levels := [...]string{"INFO", "INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"}
	var text bytes.Buffer
	for i := 0; text.Len() < size; i++ {
		fmt.Fprintf(&text, "2026-03-06 19:%02d:%02d - captured_ai_mail - %s - [ai_mail] message %d of a log of which every line is a message\n",
			i/60%60, i%60, levels[random.IntN(len(levels))], i)
	}
	return text.Bytes()
}

// counted is a text in pieces, each as long as next says; what is not settled
// comes again with the next piece.
func counted(text []byte, next func() int) (got [5]int64, settled int) {
	var c tally
	for from, to := 0, 0; to < len(text); {
		to = min(len(text), to+next())
		n := c.add(text[from:to])
		from += n
		settled += n
	}
	return c.messages, settled
}

func all() int { return 1 << 30 }

const awkward = "2026-03-06 19:26:01 - a - ERROR - x\nTraceback\n  2026-03-06 19:26:01 - a - ERROR - x\n\n\r\n" +
	`{"msg": "x", "level": "warning"}` + "\n[ERROR] x\n2026-03-06 19:26:01,5 [CRITICAL] x\n2026-03-06 19:26:01 - a - INFO - half a li"

func TestCountIsTheSameWhateverThePieces(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*maxLine) + "\n"
	for text, shortest := range map[string]int{
		strings.Repeat(awkward, 20): 1,
		awkward + "ne\n" + long + "2026-03-06 19:26:01 - a - ERROR - " + long + awkward: 1 << 12,
	} {
		want, wantSettled := counted([]byte(text), all)
		if want[aipass.ErrorLog] < 4 {
			t.Errorf("got %v, want more errors", want)
		}
		for seed := range uint64(50) {
			random := rand.New(rand.NewPCG(seed, 1))
			got, settled := counted([]byte(text), func() int { return shortest + random.IntN(shortest<<(seed%6)) })
			if got != want || settled != wantSettled {
				t.Errorf("seed %d: got %v, %d bytes, want %v, %d bytes", seed, got, settled, want, wantSettled)
			}
		}
	}
}

func TestBeginningOfALineIsNotCountedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	got, settled := counted([]byte(awkward), all)
	want := [5]int64{0, 0, 1, 2, 1}
	if diff := cmp.Diff(want, got); diff != "" || settled != strings.LastIndexByte(awkward, '\n')+1 {
		t.Errorf("%d bytes settled, -want +got:\n%s", settled, diff)
	}
}

// A line is known by its first 64 KiB; what comes after is not waited for.
func TestEndlessLineIsCountedOnce(t *testing.T) {
	t.Parallel()
	line := "2026-03-06 19:26:01 - a - ERROR - " + strings.Repeat("2026-03-06 19:26:01 - a - ERROR - ", maxLine)
	got, settled := counted([]byte(line), func() int { return 1000 })
	if got != [5]int64{3: 1} || settled < len(line)-maxLine {
		t.Errorf("got %v, %d of %d bytes settled", got, settled, len(line))
	}
}

// FuzzTally holds the tally against one that takes each line by itself, and
// against itself with the text in pieces.
func FuzzTally(f *testing.F) {
	f.Add([]byte(awkward), 7)
	f.Add([]byte(strings.Repeat("x", maxLine)+"\n[ERROR] x\n"), 100)
	f.Add([]byte(`{"a":{"level":"error"},"level":"info"}`+"\n"), 1)
	f.Fuzz(func(t *testing.T, text []byte, piece int) {
		got, settled := counted(text, all)
		var want [5]int64
		for line := range bytes.Lines(text) {
			if !bytes.HasSuffix(line, []byte("\n")) && len(line) < maxLine {
				break
			}
			line = bytes.TrimSuffix(line, []byte("\n"))
			if level, ok := levelOf(line[:min(len(line), maxLine)]); ok {
				want[level]++
			}
		}
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		inPieces, settledInPieces := counted(text, func() int { return 1 + (piece&0x7fffffff)%100_000 })
		if inPieces != got || settledInPieces != settled {
			t.Errorf("in pieces: got %v, %d bytes, want %v, %d bytes", inPieces, settledInPieces, got, settled)
		}
	})
}

func BenchmarkTally(b *testing.B) {
	text := generatedLog(1 << 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if got, _ := counted(text, func() int { return blockSize }); got[aipass.InfoLog] == 0 {
			b.Fatal(got)
		}
	}
}

// BenchmarkCountOfNewlines is what nobody can count lines without.
func BenchmarkCountOfNewlines(b *testing.B) {
	text := generatedLog(1 << 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if bytes.Count(text, []byte{'\n'}) == 0 {
			b.Fatal("no lines")
		}
	}
}
