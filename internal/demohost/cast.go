package demohost

import "time"

// The cast is healthy as it stands here but for its numbers and its mail; what
// else ails it is in fallIll.

func legacyCast() []branch {
	return []branch{
		{
			name: "DEV_CENTRAL", path: "aipass_os/dev_central", module: "bulletin", logLines: 20,
			about: "Knows what everybody should be doing",
			// Longer than the default allows and healthy: the file has a limit of its own.
			local: 700, localLimit: 900, observations: 120, letters: lettersToDevCentral(),
		},
		{
			name: "ASSISTANT", path: "aipass_os/dev_central/assistant", module: "rounds", logLines: 30,
			about: "Walks the corridors and tries the door handles",
			// Healthy too: the memory bank allows it 800 lines.
			local: 640, observations: 90, letters: lettersToAssistant(),
		},
		{
			name: "DRONE", path: "aipass_core/drone", module: "ops", logLines: 40,
			about: "Carries commands to whoever understands them",
			local: 640, observations: 210, letters: lettersToDrone(),
		},
		{
			name: "AI_MAIL", path: "aipass_core/ai_mail", module: "delivery", logLines: 25,
			about: "Sorts the post, reads none of it",
			local: 310, observations: 80,
		},
		{
			name: "MEMORY_BANK", path: "MEMORY_BANK", module: "rollover", logLines: 25,
			about: "Remembers what the others were allowed to forget",
			local: 560, observations: 140, letters: lettersToMemoryBank(),
		},
		{
			name: "GHOST_WRITER", path: "aipass_core/ghost_writer", module: "drafts", logLines: 10,
			about: "Writes what others sign",
			local: 200, observations: 60,
		},
		{
			name: "CARTOGRAPHER", path: "aipass_core/cartographer", module: "survey", logLines: 15,
			about: "Draws the map of a house that keeps being rebuilt",
			local: 180, observations: 70,
		},
	}
}

func modernCast() []branch {
	return []branch{
		{
			name: "FLOW", path: "src/aipass/flow", modern: true, module: "plans", logLines: 25,
			about: "Turns good intentions into numbered ones",
			local: 9, observations: 12, letters: lettersToFlow(),
		},
		{
			name: "TRIGGER", path: "src/aipass/trigger", modern: true, module: "core", logLines: 30,
			about: "Hears a thing happen and tells somebody",
			// AIPass rolls sessions over at 20.
			local: 20, observations: 14, letters: lettersToTrigger(),
		},
		{
			name: "DAEMON", path: "src/aipass/daemon", modern: true, module: "tick", logLines: 30,
			about: "Wakes the others, and is thanked by none",
			local: 11, observations: 8, letters: lettersToDaemon(),
		},
		{
			name: "PRAX", path: "src/aipass/prax", modern: true, absolute: true, module: "logger", logLines: 30,
			about: "Writes everything down, in triplicate",
			local: 7, observations: 10,
		},
		{
			name: "LAMPLIGHTER", path: "src/aipass/lamplighter", modern: true, module: "dusk", logLines: 10,
			about: "Lights the dashboards at dusk, if the dusk is announced",
			local: 4, observations: 3, letters: lettersToLamplighter(),
		},
		{
			// As setup.sh leaves a fresh installation: lower case, absolute path.
			name: "hatchling", path: "src/aipass/hatchling", modern: true, absolute: true, module: "shell", logLines: 3,
			about: "Came out of the egg this morning",
			local: 1, observations: 1,
		},
	}
}

// fallIll makes the host worth watching.
func (h host) fallIll() error {
	h.fallIllInMail()
	h.fallIllInFiles()
	return h.fallIllInLogs()
}

func (h host) fallIllInMail() {
	h.truncate("aipass_core/ai_mail/ai_mail.local/inbox.json")
	h.lose("aipass_core/cartographer/ai_mail.local")
	h.inbox("MEMORY_BANK/ai_mail.local/inbox.json").Unread += 3

	letters := h.inbox("src/aipass/lamplighter/.ai_mail.local/inbox.json").Messages
	letters[0].Timestamp = ""
	letters[1].Timestamp = "dusk, or a little after"

	h.doc("src/aipass/hatchling/.ai_mail.local/inbox.json", 3*time.Hour, oldInbox{Inbox: []message{}})
}

func (h host) fallIllInFiles() {
	h.lose("aipass_core/ghost_writer")
	h.growOld("aipass_core/cartographer/README.md", 40*day)
	h.growOld("src/aipass/lamplighter/DASHBOARD.local.json", 9*day)
	h.dashboard("src/aipass/lamplighter/DASHBOARD.local.json").LastUpdated = h.iso(9 * day)

	h.lock("aipass_os/dev_central/assistant/ai_mail.local", 20*time.Minute, livePID)
	h.lock("src/aipass/trigger/.ai_mail.local", 7*time.Hour, deadPID)
}

func (h host) fallIllInLogs() error {
	errors := h.logText("ops", append(chatter(40, 2*time.Hour), troubles()...))
	h.text("aipass_core/drone/logs/ops.log", 35*time.Minute, errors)
	h.text("system_logs/drone_ops.log", 35*time.Minute, errors)

	// 900 lines are more than the 50 000 bytes after which AIPass rotates.
	h.text("src/aipass/prax/logs/logger.log", time.Hour, h.logText("logger", chatter(900, time.Hour)))
	h.text("system_logs/unknown_branch_nightshift.log", 11*time.Hour,
		h.logText("nightshift", chatter(5, 11*time.Hour)))

	trigger := branch{name: "TRIGGER", module: "medic"}
	lines, err := h.logLines(trigger, append(chatter(4, 2*time.Hour), troubles()...))
	if err != nil {
		return err
	}
	h.text("src/aipass/trigger/logs/medic_suppressed.jsonl", 35*time.Minute, lines)
	return nil
}

func troubles() []record {
	return []record{
		{90 * time.Minute, "WARNING", "[router] @cartographer took 9 s to say where it lives"},
		{80 * time.Minute, "ERROR", "[router] no such command: plese\nTraceback (most recent call last):\n" +
			"  File \"router.py\", line 88, in route\nKeyError: 'plese'"},
		{50 * time.Minute, "ERROR", "[router] @ghost_writer has moved out and left no address"},
		{40 * time.Minute, "CRITICAL", "[router] both doors lead to the same room"},
		{35 * time.Minute, "INFO", "[router] took the window"},
	}
}
