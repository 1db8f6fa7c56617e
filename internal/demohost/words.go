package demohost

import "time"

// pick goes round a list of words for ever.
func pick(words []string, i int) string {
	return words[i%len(words)]
}

func dayCount(n int) time.Duration {
	return time.Duration(n) * day
}

func summaries() []string {
	return []string{
		"Taught the parser that a tab is not four spaces in a trench coat",
		"Moved the retry loop out of the retry loop",
		"Found the off-by-one; it had been there one day longer than we thought",
		"Wrote the tests first, apologised to the code second",
		"Deleted 300 lines and nobody noticed, which was the point",
	}
}

func remarks() []string {
	return []string{
		"the lock is held for 4 ms; the argument about it took an hour",
		"ask before renaming: three branches grep for the old spelling",
		"a warning that fires every night is wallpaper",
		"the README was right and the code was not; fixed the code",
		"never trust a timestamp that ends in :00:00",
		"two agents answered the same letter, politely, to each other",
		"the cache was cold because somebody had cleaned it, twice",
		"if it works only with the debugger on, it does not work",
	}
}

func topics() []string {
	return []string{"locking", "naming", "time zones", "manners", "paper cuts"}
}

func murmurs() []string {
	return []string{
		"[loop] nothing to do, doing it carefully",
		"[inbox] 2 letters read, 1 understood",
		"[cache] warm, like the kettle",
		"[memory] saved; nothing was worth forgetting",
		"[router] path looked up where it was left",
	}
}
