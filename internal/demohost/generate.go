package demohost

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Generate puts a host of many regular branches into dir, which must be empty
// or not there yet: half of them legacy, half modern, 20 letters, nine files and
// some 80 kB each. Nearly all is well with them.
func Generate(dir string, branches int, now time.Time) error {
	root, err := emptyDir(dir)
	if err != nil {
		return err
	}
	crowd := make([]branch, branches)
	err = inParallel(branches, func(i int) error {
		b := extra(i, branches)
		h := newHost(root, now)
		h.settle(b)
		b.letters = nil // the registries can do without, and memory is not endless
		crowd[i] = b
		return h.write()
	})
	if err != nil {
		return err
	}
	h := newHost(root, now)
	h.register(crowd)
	return h.write()
}

// extra is the i-th of many branches, the first half of which is legacy. It has
// its own source of chance, so that it comes out the same in any order.
func extra(i, branches int) branch {
	chance := rand.New(rand.NewPCG(uint64(i), 20260219))
	name := fmt.Sprintf("%s_%05d", pick(trades(), i), i)
	b := branch{
		name:         name,
		path:         "aipass_core/" + strings.ToLower(name),
		about:        "One of many, and proud of it",
		module:       "work",
		logLines:     250,
		local:        240 + chance.IntN(20),
		observations: 140 + chance.IntN(20),
		letters:      someLetters(chance),
	}
	if i >= branches/2 {
		b.modern = true
		b.path = "src/aipass/" + strings.ToLower(name)
		b.local, b.observations = 11+chance.IntN(4), 15+chance.IntN(4)
	}
	return b
}

// someLetters are new or opened; about one in ten has waited for too long.
func someLetters(chance *rand.Rand) []letter {
	letters := make([]letter, 20)
	for i := range letters {
		limit, status := 52*time.Hour, "new"
		if chance.IntN(2) == 0 {
			limit, status = 26*time.Hour, "opened"
		}
		letters[i] = letter{
			from:    pick(trades(), chance.IntN(100)),
			subject: "About " + pick(topics(), chance.IntN(100)),
			body:    someProse(chance, 300),
			status:  status,
			age:     time.Duration(chance.Int64N(int64(limit))),
		}
	}
	return letters
}

// someProse is about as long as asked for.
func someProse(chance *rand.Rand, length int) string {
	var prose strings.Builder
	for prose.Len() < length {
		prose.WriteString(pick(remarks(), chance.IntN(100)) + ".\n")
	}
	return prose.String()
}

func trades() []string {
	return []string{"BAKER", "COOPER", "DYER", "FLETCHER", "GLAZIER", "JOINER", "MASON", "SADDLER", "TANNER", "WEAVER"}
}
