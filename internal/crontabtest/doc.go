// Package crontabtest lets tests use the real crontab(1) and cron on a machine
// whose own crontabs they must not touch: in a mount namespace of their own, in
// which there are none.
//
// The package is for tests, on Linux. It changes nothing that outlives them.
package crontabtest
