package jsonfile

import "syscall"

// ChangeTime is when a file, or what is known of it, was last changed, in Unix
// nanoseconds. Unlike the time of the last write, nobody can set it back.
func ChangeTime(st *syscall.Stat_t) int64 { return st.Ctim.Nano() }
