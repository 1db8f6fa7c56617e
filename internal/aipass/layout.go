package aipass

import (
	"path/filepath"
	"slices"
	"strings"
)

// A Layout is a generation of AIPass. Which one a branch is of is decided file
// by file, for a host can be halfway between them.
type Layout uint8

// The generations.
const (
	Legacy Layout = iota // a whole home directory, mailboxes in ai_mail.local
	Modern               // a Python package in a repository, mailboxes in .ai_mail.local
)

func (l Layout) String() string { return [...]string{"legacy", "modern"}[l] }

func (l Layout) other() Layout { return 1 - l }

var layouts = [...]Layout{Legacy, Modern}

// Every path of AIPass that this program knows stands in this file, relative
// to the root or to a branch's directory.

func registryFile(l Layout) string {
	return [...]string{"BRANCH_REGISTRY.json", "AIPASS_REGISTRY.json"}[l]
}

func mailboxDir(l Layout) string {
	return [...]string{"ai_mail.local", ".ai_mail.local"}[l]
}

// What stands in a mailbox. Closed mail is in ClosedMailDir, one file each,
// until AIPass's purge moves it to PurgedMailDir (legacy) or away; so is the
// sender's copy of what was sent in SentMailDir.
const (
	InboxFile     = "inbox.json"
	InboxLock     = ".inbox.lock"
	ClosedMailDir = "deleted"
	SentMailDir   = "sent"
)

// PurgedMailDir is where legacy's purge puts closed mail.
const PurgedMailDir = archivedMail + ClosedMailDir

const archivedMail = ".archive/"

// CentralDir is where AIPass keeps what it gathers about all branches.
func CentralDir(l Layout) string {
	if l == Modern {
		return ".ai_central"
	}
	return filepath.Join("aipass_os", "AI_CENTRAL")
}

// What stands in the CentralDir: AIPass's own count of every branch's mail, and
// two documents that AIPass's design names and none of its programs writes.
const (
	MailCentral    = "AI_MAIL.central.json"
	HealthCentral  = "HEALTH.central.json"
	MetricsCentral = "METRICS.central.json"
)

const (
	dispatchLock  = ".dispatch.lock"
	dashboardFile = "DASHBOARD.local.json"
	readmeFile    = "README.md"
	branchLogs    = "logs"
	systemLogs    = "system_logs"
	flowData      = "flow_json"
)

// memoryFile is where a branch keeps its local.json, observations.json or
// identity. Legacy prefixes the registry's name in upper case, which need not
// be the directory's.
func memoryFile(l Layout, branch, kind string) string {
	if l == Modern {
		return filepath.Join(".trinity", kind+".json")
	}
	if kind == identityKind {
		kind = "id"
	}
	return strings.ToUpper(branch) + "." + kind + ".json"
}

// The kinds of memory file, as the modern layout calls them.
const (
	localKind        = "local"
	observationsKind = "observations"
	identityKind     = "passport"
)

// memoryConfig holds the limits that rollover goes by.
func memoryConfig(l Layout) string {
	if l == Modern {
		return filepath.Join("src", "aipass", "memory", "memory_json", "custom_config", "memory.config.json")
	}
	return filepath.Join("MEMORY_BANK", "memory_bank_json", "memory_bank.config.json")
}

// flowBranch owns the plan registries; flowDir is where it stands if the
// registry does not say.
const flowBranch = "FLOW"

func flowDir(l Layout) string {
	if l == Modern {
		return filepath.Join("src", "aipass", "flow")
	}
	return filepath.Join("aipass_core", "flow")
}

// isPlanRegistry: legacy has one registry, modern one for each type of plan
// (fplan, dplan, ...). A legacy one that is left over there does not count.
func isPlanRegistry(l Layout, name string) bool {
	if l == Legacy {
		return name == "flow_registry.json"
	}
	return strings.HasSuffix(name, "plan_registry.json")
}

// planPrefix is what precedes the numbers of a registry's plans: legacy has one
// type of them, modern's registries carry the name of theirs.
func planPrefix(registry string) string {
	kind := strings.TrimSuffix(registry, "_registry.json")
	if kind == "flow" {
		kind = "fplan"
	}
	return strings.ToUpper(kind) + "-"
}

// LogEndings are how the names of live logs end; what rotation appends to them
// makes a backup.
var LogEndings = [...]string{".log", ".jsonl"}

// isLog: rotated logs (.log.1) are AIPass's backups and no files of their own.
func isLog(name string) bool {
	return slices.ContainsFunc(LogEndings[:], func(ending string) bool { return strings.HasSuffix(name, ending) })
}
