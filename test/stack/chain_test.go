package stack

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/aiosai/aipass-exporter/internal/servertest"
)

// From a file that breaks to the mail about it, and back: each alert once, in
// the right mailbox, though two Alertmanagers deliver it and the receiver dies in
// between; and runs from cron, without any server, write the same mail.
func TestFromABrokenFileToTheMailAndBack(t *testing.T) {
	s := newStack(t)
	s.look()
	s.watch()
	s.await(droneBox, "AIPassMemoryOverLimit", "DRONE", "new: firing, episode 1")

	restoreInbox := s.save(filepath.Join(praxBox, "inbox.json"))
	restoreMemory := s.save("MEMORY_BANK/MEMORY_BANK.local.json")
	started := time.Now()
	s.breakInbox(praxBox)
	s.outgrow("MEMORY_BANK/MEMORY_BANK.local.json")
	s.growStale(daemonBox)
	s.look()
	s.await(devCentralBox, "AIPassInboxMalformed", "PRAX", "new: firing, episode 1")
	t.Logf("from the broken file to the mail: %v, with waits as in substitutions_test.go", time.Since(started).Round(time.Millisecond))
	s.await(memoryBankBox, "AIPassMemoryOverLimit", "MEMORY_BANK", "new: firing, episode 1")
	s.await(daemonBox, "AIPassMailStaleNew", "DAEMON", "new: firing, episode 1")

	s.tellsTheSame(s.withoutServers(t, func(s *stack) {
		s.breakInbox(praxBox)
		s.outgrow("MEMORY_BANK/MEMORY_BANK.local.json")
		s.growStale(daemonBox)
	}))
	s.bothDeliver()

	// Once more, and the receiver dies over it.
	s.growStale(lamplighter)
	s.look()
	s.killReceiver()
	s.await(lamplighter, "AIPassMailStaleNew", "LAMPLIGHTER", "new: firing, episode 1")
	s.killReceiver()

	restoreInbox()
	restoreMemory()
	s.loseStale(daemonBox)
	s.look()
	s.await(devCentralBox, "AIPassInboxMalformed", "PRAX", "closed: resolved, episode 1")
	s.await(daemonBox, "AIPassMailStaleNew", "DAEMON", "closed: resolved, episode 1")
	s.nothingTwice(droneBox, memoryBankBox, daemonBox, praxBox, lamplighter, devCentralBox)
}

// delivered matches an Alertmanager that has posted to the receiver.
var delivered = regexp.MustCompile(`(?m)^alertmanager_notification_requests_total\{integration="webhook"\} [1-9]`)

// heard matches a receiver that was told what it knew.
var heard = regexp.MustCompile(`(?m)^aipass_webhook_alerts_total\{outcome="duplicate"\} [1-9]`)

// bothDeliver makes sure that each Alertmanager of the pair told the receiver.
func (s *stack) bothDeliver() {
	s.t.Helper()
	for _, of := range []struct {
		*servertest.Server
		says *regexp.Regexp
	}{{s.alertmanagers[0], delivered}, {s.alertmanagers[1], delivered}, {s.receiver, heard}} {
		page, err := of.Get("/metrics")
		must(s.t, err)
		if !of.says.Match(page) {
			s.t.Errorf("%s does not say %s", of.URL(), of.says)
		}
	}
}
