package collectors

import "github.com/aiosai/aipass-exporter/internal/aipass"

func files() Collector {
	return Collector{
		Name: "files",
		Help: "Every file a branch should have: whether it can be read, its size, when it was written.",
		Families: []Family{
			gauge("aipass_file_state", "Whether a file is in this state; of each file, exactly one state is 1. The host's own files have an empty branch.", fileState, "branch", "file", "state"),
			gauge("aipass_file_size_bytes", "Size of a file that is there.", ofBranch(fileSize), "branch", "file"),
			gauge("aipass_file_modified_timestamp_seconds", "When a file that is there was last written.", ofBranch(fileModified), "branch", "file"),
		},
	}
}

func fileState(s *aipass.Snapshot, emit Emitter) {
	states := func(branch, file string, h aipass.Head) {
		is := h.State()
		for _, state := range aipass.States {
			emit.Value(boolean(is == state), branch, file, state.String())
		}
	}
	for _, f := range s.HostFiles() {
		states("", f.Name, f.Head)
	}
	for i := range s.Branches {
		for _, f := range s.Branches[i].Files() {
			states(s.Branches[i].Name, f.Name, f.Head)
		}
	}
}

// fileSize leaves directories out: their size says nothing of what is in them.
func fileSize(b *aipass.Branch, emit Emitter) {
	for _, f := range b.Files() {
		if f.Head.Found() && !f.Directory {
			emit.Value(float64(f.Head.Size), b.Name, f.Name)
		}
	}
}

func fileModified(b *aipass.Branch, emit Emitter) {
	for _, f := range b.Files() {
		if f.Head.Found() {
			emit.Value(seconds(f.Head.ModTime()), b.Name, f.Name)
		}
	}
}
