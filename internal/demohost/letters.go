package demohost

import "time"

func lettersToDevCentral() []letter {
	return []letter{
		{from: "DRONE", subject: "All routes open but one", body: "The one is yours.", status: "new", age: 2 * time.Hour},
		{from: "ASSISTANT", subject: "Corridor B smells of ozone", body: "Again.", status: "opened", age: 9 * time.Hour},
		// An agent closed this by hand, so it never left the inbox.
		{from: "FLOW", subject: "Plan 0001 is done", body: "It was the easy one.", status: "closed", age: 4 * day},
	}
}

func lettersToAssistant() []letter {
	return []letter{
		{from: "DEV_CENTRAL", subject: "Where is everybody?", body: "And who has the map?", status: "opened", age: 30 * time.Minute},
	}
}

func lettersToDrone() []letter {
	return []letter{
		{from: "TRIGGER", subject: "You said plese", body: "Nobody here is called plese.", status: "new", age: 75 * time.Minute},
		{from: "CARTOGRAPHER", subject: "Revised map, please discard the last three", body: "Left is right now.", status: "new", age: 20 * time.Hour},
		{from: "FLOW", subject: "Who owns step 4?", body: "I ask for step 5.", status: "opened", age: 6 * time.Hour},
	}
}

func lettersToMemoryBank() []letter {
	return []letter{
		{from: "DRONE", subject: "Please remember this", body: "I forgot to attach it.", status: "new", age: 3 * time.Hour},
		{from: "DEV_CENTRAL", subject: "Please forget that", body: "You know what.", status: "opened", age: 5 * time.Hour},
	}
}

// lettersToFlow have waited for too long: AIPass people expect new mail to be
// opened within two days and opened mail to be closed within one.
func lettersToFlow() []letter {
	return []letter{
		{from: "DEV_CENTRAL", subject: "A plan to have fewer plans", body: "Number it, please.", status: "new", age: 4 * time.Hour},
		{from: "CARTOGRAPHER", subject: "Step 4 is not on the map", body: "Neither is step 5 – «terra incognita».", status: "new", age: 3 * day},
		{from: "DRONE", subject: "RE: Who owns step 4?", body: "Not it.", status: "opened", age: 2 * day},
	}
}

func lettersToTrigger() []letter {
	return []letter{
		{from: "PRAX", subject: "You were loud last night", body: "400 lines & counting <3", status: "opened", age: 8 * time.Hour},
	}
}

// lettersToDaemon have one that starts an agent as soon as somebody looks.
func lettersToDaemon() []letter {
	return []letter{
		{from: "DEV_CENTRAL", subject: "Wind the clocks", body: "All but the one in the hall.", status: "new", age: 10 * time.Minute, dispatch: true},
		{from: "LAMPLIGHTER", subject: "Is it dusk yet?", body: "Asking for a friend.", status: "new", age: 26 * time.Hour},
	}
}

// lettersToLamplighter lose the dates of the two youngest; the oldest is from
// before letters had a status.
func lettersToLamplighter() []letter {
	return []letter{
		{from: "DAEMON", subject: "RE: Is it dusk yet?", body: "Yes.", status: "new", age: time.Hour},
		{from: "DAEMON", subject: "Correction", body: "No.", status: "opened", age: 2 * time.Hour},
		{from: "PRAX", subject: "Oil is low", body: "Logged it.", age: 7 * time.Hour},
	}
}
