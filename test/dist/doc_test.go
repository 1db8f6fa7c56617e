// Package dist tests what is released: that it is built the same twice, that it
// holds what it says, and that the package for Debian installs, works, is brought
// up to date and goes again, in a root of its own, by Debian's own dpkg and cron.
//
// It builds for this machine's architecture only; make dist-check does for all.
package dist
