package doctor

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A sentCopy is a file that AIPass writes once, when mail is sent, and names by the
// wall clock of then. So its two times differ by nothing but the zone.
type sentCopy struct {
	branch         string
	named, written time.Time // as if the wall clock were UTC's; really
}

// nameLayout is how the names begin.
const nameLayout = "20060102_150405_"

// off is how far the wall clock of a zone was ahead of the one in the name.
func (c sentCopy) off(zone *time.Location) time.Duration {
	_, offset := c.written.In(zone).Zone()
	return c.written.Add(time.Duration(offset) * time.Second).Sub(c.named)
}

const (
	quarter   = 15 * time.Minute // zones differ by whole ones
	dawdling  = 5 * time.Second  // between the name and the file
	apartness = time.Minute      // of two copies that bear witness
	lately    = 7 * 24 * time.Hour
)

// zonesApart is how far the zone of AIPass's timestamps was from another when it
// last sent mail, 0 if nobody can tell. Files that were copied have other times, so
// it takes two that are off by the same: the newest, and one before it.
func zonesApart(copies []sentCopy, zone *time.Location) (apart time.Duration, newest sentCopy) {
	if len(copies) == 0 {
		return 0, sentCopy{}
	}
	slices.SortFunc(copies, func(a, b sentCopy) int { return cmp.Or(b.named.Compare(a.named), cmp.Compare(a.branch, b.branch)) })
	newest = copies[0]
	before := slices.IndexFunc(copies, func(c sentCopy) bool { return c.named.Before(newest.named.Add(-apartness)) })
	apart = newest.off(zone).Round(quarter)
	if before < 0 || apart.Abs() < 2*quarter || !newest.isOffBy(apart, zone) || !copies[before].isOffBy(apart, zone) {
		return 0, sentCopy{}
	}
	return apart, newest
}

func (c sentCopy) isOffBy(apart time.Duration, zone *time.Location) bool {
	return (c.off(zone) - apart).Abs() <= dawdling
}

// sentCopies are the newest of every branch that sent mail lately.
func (p *patient) sentCopies() (copies []sentCopy) {
	for i := range p.look.Branches {
		b := &p.look.Branches[i]
		entries, _ := os.ReadDir(filepath.Join(b.MailboxDir(), aipass.SentMailDir)) // who has sent nothing has none
		found := 0
		for _, e := range slices.Backward(entries) { // they are in the order of their names
			if c, is := newSentCopy(b.Name, e); is && p.Now().Sub(c.written) < lately && found < enough {
				copies, found = append(copies, c), found+1
			}
		}
	}
	return copies
}

// enough copies of a branch are two that are not of one minute, mostly.
const enough = 20

func newSentCopy(branch string, e fs.DirEntry) (c sentCopy, is bool) {
	name := e.Name()
	if len(name) < len(nameLayout) || !strings.HasSuffix(name, ".json") || !e.Type().IsRegular() {
		return c, false
	}
	named, err := time.Parse(nameLayout, name[:len(nameLayout)])
	if err != nil {
		return c, false
	}
	info, err := e.Info()
	if err != nil {
		return c, false
	}
	return sentCopy{branch, named, info.ModTime()}, true
}
