package textfile

import "math/bits"

// A seriesSet holds hashes of series, eight bytes each and at least seven
// tenths full: some 11 MB for a million series.
//
// A hash alone decides. With a random seed, two different series among a million
// share their 64 bits once in forty million runs, and the next run then has
// another seed; remembering the series themselves would take a hundred megabytes.
//
// It is split into shards so that growing one copies a few kilobytes, never the
// whole set.
type seriesSet struct {
	shards [256]shard
}

type shard struct {
	slots []uint64 // 0 is free
	used  int
}

const firstSlots = 8

// add puts a hash into the set and reports whether it was new.
func (s *seriesSet) add(hash uint64) bool {
	if hash == 0 {
		hash = 1 // 0 marks a free slot
	}
	sh := &s.shards[hash>>56]
	if sh.used >= len(sh.slots)-len(sh.slots)/8 {
		sh.grow()
	}
	return sh.add(hash)
}

func (sh *shard) add(hash uint64) bool {
	// The top byte chose the shard; the bits below choose the slot, scaled to a
	// length that need not be a power of two.
	at, _ := bits.Mul64(hash<<8, uint64(len(sh.slots)))
	for i := int(at); ; i++ {
		if i == len(sh.slots) {
			i = 0
		}
		switch sh.slots[i] {
		case hash:
			return false
		case 0:
			sh.slots[i] = hash
			sh.used++
			return true
		}
	}
}

// grow makes a quarter more room: little enough to waste none, and still a
// constant cost for each hash on average.
func (sh *shard) grow() {
	old := sh.slots
	sh.slots, sh.used = make([]uint64, max(firstSlots, len(old)+len(old)/4)), 0
	for _, hash := range old {
		if hash != 0 {
			sh.add(hash)
		}
	}
}
