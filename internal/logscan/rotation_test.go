package logscan

import (
	"compress/gzip"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// want compares what has been counted with what has been written.
func (f *fleet) want(got, want aipass.LogTotals) {
	f.t.Helper()
	got.LastError, got.Messages = 0, [5]int64{aipass.ErrorLog: got.Messages[aipass.ErrorLog]}
	if got != want {
		f.t.Errorf("got %+v, want %+v", got, want)
	}
}

func totalsOf(errors int64, read string, lost string, rotations int64) aipass.LogTotals {
	return aipass.LogTotals{
		Messages: [5]int64{aipass.ErrorLog: errors}, Read: int64(len(read)), Lost: int64(len(lost)), Rotations: rotations,
	}
}

func TestRotatedLogIsReadToItsEndUnderItsNewName(t *testing.T) {
	t.Parallel()
	for _, backup := range []string{"ops.log.1", "ops.log-20260306", "ops.log.2026-03-06", "ops.1.log"} {
		f := newFleet(t)
		one, two, three := lines(3, "one"), lines(2, "two"), lines(4, "three")
		f.append(droneLog, one)
		f.count()
		f.append(droneLog, two)
		f.rename(droneLog, "drone/logs/"+backup)
		f.append(droneLog, three)
		got := f.ops()
		if backup == "ops.1.log" { // by its name a log of its own
			got.Rotations = 1
		}
		f.want(got, totalsOf(9, one+two+three, "", 1))
	}
}

// Python's handler renames under the feet of other processes, which go on
// writing to the backup.
func TestWhatIsWrittenToABackupIsCountedToo(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.rename(droneLog, droneLog+".1")
	f.append(droneLog, lines(1, "two"))
	f.count()
	f.append(droneLog+".1", lines(2, "late"))
	f.want(f.ops(), totalsOf(6, lines(3, "one")+lines(1, "two")+lines(2, "late"), "", 1))
}

func TestTwoRotationsBetweenTwoRunsLoseNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.rename(droneLog, droneLog+".2")
	f.append(droneLog+".2", lines(1, "last"))
	f.append(droneLog+".1", lines(2, "two"))
	f.append(droneLog, lines(4, "three"))
	f.want(f.ops(), totalsOf(10, lines(3, "one")+lines(1, "last")+lines(2, "two")+lines(4, "three"), "", 2))
}

func TestTruncatedLogBeginsAnew(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{
		"shorter": lines(1, "after"), "as long": lines(3, "befora"), "refilled past the offset": lines(30, "after"), "empty": "",
	} {
		f := newFleet(t)
		before := lines(3, "before")
		f.append(droneLog, before)
		f.count()
		f.write(droneLog, after)
		got := f.ops()
		f.want(got, totalsOf(3+int64(strings.Count(after, "\n")), before+after, "", 1))
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// The head of a large log can stay what it was; what stood before the offset
// cannot.
func TestLogThatWasReplacedBehindItsBeginningBeginsAnew(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	head := lines(100, "head")
	f.append(droneLog, head+lines(5, "old"))
	f.count()
	f.write(droneLog, head+lines(50, "new"))
	f.want(f.ops(), totalsOf(255, head+lines(5, "old")+head+lines(50, "new"), "", 1))
}

func TestCopiedAndTruncatedLogIsReadToItsEndInTheCopy(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 3, 300} {
		f := newFleet(t)
		one, two, three := lines(size, "one"), lines(2, "two"), lines(500, "three")
		f.append(droneLog, one)
		f.count()
		f.append(droneLog, two)
		f.write(droneLog+".1", one+two)
		f.write(droneLog, three)
		f.want(f.ops(), totalsOf(int64(size+502), one+two+three, "", 1))
		f.want(f.ops(), totalsOf(int64(size+502), one+two+three, "", 1))
	}
}

// A look can come between the copying and the truncating.
func TestCopyOfALiveLogIsNotCountedTwice(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	one := lines(3, "one")
	f.append(droneLog, one)
	f.count()
	f.append(droneLog, lines(2, "two"))
	f.write(droneLog+".1", one+lines(2, "two"))
	f.want(f.ops(), totalsOf(5, one+lines(2, "two"), "", 0))
	f.write(droneLog, lines(1, "three"))
	f.want(f.ops(), totalsOf(6, one+lines(2, "two")+lines(1, "three"), "", 1))
}

func TestCompressedUnreadLogIsLostToTheByte(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.append(droneLog, lines(2, "two"))
	f.remove(droneLog)
	f.zip(droneLog+".2.gz", lines(7, "other"))
	f.zip(droneLog+".1.gz", lines(3, "one")+lines(2, "two"))
	f.append(droneLog, lines(1, "three"))
	want := totalsOf(4, lines(3, "one")+lines(1, "three"), lines(2, "two"), 1)
	f.want(f.ops(), want)
	f.want(f.ops(), want) // only once
}

func (f *fleet) zip(name, text string) {
	f.t.Helper()
	file, err := os.Create(f.path(name))
	f.must(err)
	z := gzip.NewWriter(file)
	_, err = z.Write([]byte(text))
	f.must(errors.Join(err, z.Close(), file.Close()))
}

// A line that was being written when the log was removed is lost.
func TestHalfALineIsLostWithItsLog(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(2, "one")+"2026-03-06 19:26:01 - a - ERR")
	f.want(f.ops(), totalsOf(2, lines(2, "one"), "", 0))
	f.remove(droneLog)
	f.want(f.ops(), totalsOf(2, lines(2, "one"), "2026-03-06 19:26:01 - a - ERR", 0))
}

// Of a log that is no longer written, the last line is whole with or without an end.
func TestLastLineOfABackupIsCounted(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	unended := strings.TrimSuffix(lines(2, "one"), "\n")
	f.append(droneLog, unended)
	f.wantErrors(1, f.ops())
	f.rename(droneLog, droneLog+".1")
	f.want(f.ops(), totalsOf(2, unended, "", 0))
	f.append(droneLog+".1", "\n"+lines(1, "two"))
	f.wantErrors(3, f.ops())
}

func TestLogThatIsBackIsNotCountedAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(30, "one"))
	f.count()
	f.rename(droneLog, "elsewhere")
	f.wantErrors(30, f.ops())
	f.rename("elsewhere", droneLog)
	f.append(droneLog, lines(1, "two"))
	f.wantErrors(31, f.ops())

	// Nor is one that a backup has brought back, in a new inode.
	f.remove(droneLog)
	f.count()
	f.write("occupied", "") // perhaps of the inode
	f.write(droneLog, lines(30, "one")+lines(1, "two")+lines(1, "three"))
	f.wantErrors(32, f.ops())
}

func TestLogOfAnotherInodeBeginsAnew(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	f.write("drone/logs/new", lines(1, "two"))
	f.rename("drone/logs/new", droneLog)
	f.want(f.ops(), totalsOf(4, lines(3, "one")+lines(1, "two"), "", 1))
}

func TestLogsThatAreGoneAreForgottenInTime(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.append(droneLog, lines(3, "one"))
	f.count()
	for i := range 3 * maxGone {
		f.write("drone/logs/new", lines(1, strings.Repeat("again", i)))
		f.rename("drone/logs/new", droneLog)
		f.count()
	}
	if n := f.known(); n > maxGone+1 {
		t.Errorf("%d files are known, want at most %d", n, maxGone+1)
	}
	f.remove(droneLog)
	f.wantErrors(3+3*maxGone, f.ops())
	f.now = f.now.Add(remembered + time.Minute)
	f.wantErrors(3+3*maxGone, f.ops())
	if n := f.known(); n != 0 {
		t.Errorf("%d files are known still", n)
	}
}

// known is how many files the state remembers.
func (f *fleet) known() (files int) {
	f.t.Helper()
	state, _, err := f.counter.load()
	f.must(err)
	for _, d := range state.dirs {
		files += len(d.files)
	}
	return files
}
