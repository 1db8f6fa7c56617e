//go:build !linux

package main

import "io"

// writeFilesystems says nothing where file systems are told of in another way.
func writeFilesystems(io.Writer, ...string) error { return nil }
