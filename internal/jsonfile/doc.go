// Package jsonfile reads JSON documents that other programs rewrite in place
// while we look at them.
//
// [Read] knows how to get a whole document out of a file that may be half
// written at any moment; [Decoder] walks it in a stream, in constant memory
// whatever the size of the file or of any string in it, and accepts exactly
// what Python's json.load accepts: NaN and Infinity, duplicate keys (the
// caller sees both, in order, so the last one wins), integers of up to 4300
// digits. A byte order mark, invalid UTF-8 and a lone surrogate escape are
// refused, the last because the next Python program to write the document
// would destroy it.
//
// The package knows nothing of AIPass, never writes, and never creates a lock
// file.
package jsonfile
