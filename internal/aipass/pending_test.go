package aipass

import "testing"

func TestNameInBothRegistriesIsTheBranchThatIsThere(t *testing.T) {
	t.Parallel()
	const both = `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "old"}]}
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "drone", "path": "new"}]}
`
	for name, row := range map[string]struct{ files, want string }{
		"only the legacy one is there": {"-- old/README.md --\n", "old"},
		"only the modern one is there": {"-- new/README.md --\n", "new"},
		"both are there":               {"-- old/README.md --\n-- new/README.md --\n", "new"},
		"neither is there":             {"", "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := look(t, lay(t, both+row.files))
			if len(s.Branches) != 1 || s.Branches[0].path != row.want {
				t.Errorf("got %+v, want the one in %s", s.Branches, row.want)
			}
			if len(s.Skipped) != 1 || s.Skipped[0].Reason != SameName || s.Skipped[0].Path == row.want {
				t.Errorf("skipped %+v, want the other one", s.Skipped)
			}
		})
	}
}

func TestHostThatMovedInPlaceIsModernAndNoFault(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": "DRONE", "path": "drone"}]}
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "drone", "path": "./drone"}]}
-- drone/ai_mail.local/inbox.json --
{"messages": []}
-- drone/.ai_mail.local/inbox.json --
{"messages": [{"status": "new"}]}
`))
	b := branch(t, s, "drone")
	if len(s.Branches) != 1 || b.Inbox.Value.Count(NewMail) != 1 || len(s.Skipped) != 0 {
		t.Errorf("got %d branches, %d new, skipped %v", len(s.Branches), b.Inbox.Value.Count(NewMail), s.Skipped)
	}
}

func TestNameThatIsNoGoodIsSaid(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../DRONE", `DR\u001b[2JONE`, `DR\nONE`} {
		s := look(t, lay(t, `
-- AIPASS_REGISTRY.json --
{"branches": [{"name": "`+name+`", "path": "drone"}]}
-- drone/README.md --
`))
		if len(s.Branches) != 0 || len(s.Skipped) != 1 || s.Skipped[0].Reason != BadName || s.Skipped[0].Name == "" {
			t.Errorf("%s: got %+v, skipped %+v", name, s.Branches, s.Skipped)
		}
	}
}

func TestLimitOfADottedNameIsLookedUpAsAIPassDoes(t *testing.T) {
	t.Parallel()
	s := look(t, lay(t, `
-- BRANCH_REGISTRY.json --
{"branches": [{"name": ".VSCODE", "path": "vscode"}]}
-- MEMORY_BANK/memory_bank_json/memory_bank.config.json --
{"rollover": {"per_branch": {".VSCODE": {"max_lines": 100}, "": {"max_lines": 200}}}}
-- vscode/.VSCODE.local.json --
{}
`))
	b := branch(t, s, ".VSCODE")
	if got := s.linesLimit(b, &b.Local.Value); got != 200 {
		t.Errorf("got %v, want 200: AIPass takes what precedes the first dot", got)
	}
}
