package logscan

import "syscall"

func changeNanoseconds(st *syscall.Stat_t) int64 { return st.Ctim.Nano() }
