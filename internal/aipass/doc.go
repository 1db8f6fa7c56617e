// Package aipass reads an AIPass host: its registry, and of every registered
// branch the mailbox, memory, identity, dashboard, README, logs and agent
// lock, in both generations of AIPass, mixed on one host if need be.
//
// [Open] names a host; [Tree.Snapshot] looks at it once. Whatever cannot be
// read is a value too (see [File] and [State]), so that one broken branch
// never costs another its place. Facts about AIPass are taken from its code;
// where a rule is AIPass's own, its comment says so.
//
// A look can be spared the reading of what an earlier one has read and nobody
// has touched since; see [Recollection]. It finds the same.
//
// The package is read-only: it creates nothing, locks only what exists and
// only shared, follows the registry and never searches, and never watches.
package aipass
