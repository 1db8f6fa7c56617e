package textfile

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
)

// maxFindings bounds what is told about one file: a text that is no textfile at
// all would otherwise give one for each line.
const maxFindings = 1000

// Lint reads textfiles as node_exporter's --collector.textfile.directory does
// and tells what would be lost, file by file and line by line, in the order in
// which node_exporter reads them. Each path is a directory, a glob of them, or,
// as node_exporter would not have it, a single file.
//
// It looks at all the paths as one host: metrics of the same name in two files
// have to agree. It goes on after a fault, also where node_exporter gives up, so
// that all of a file's faults are told at once. What cannot be read is a Finding
// too, so there is no error to return.
func Lint(paths []string) []Finding {
	seed := maphash.MakeSeed()
	host := newHost()
	var findings []Finding
	for _, path := range paths {
		files, faults := discover(path)
		findings = append(findings, faults...)
		for _, file := range files {
			findings = append(findings, lintFile(file, host, seed)...)
		}
	}
	return findings
}

func lintFile(path string, host *host, seed maphash.Seed) []Finding {
	data, findings := readFile(path)
	if data != nil {
		s := scan(data, seed)
		findings = append(findings, s.findings...)
		if !s.dropped() {
			findings = append(findings, host.merge(path, s.families)...)
		}
		findings = append(findings, style(s.families)...)
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	if more := len(findings) - maxFindings; more > 0 {
		findings = append(worst(findings), Finding{
			Effect: Style, Message: fmt.Sprintf("%d more findings are not listed", more),
		})
	}
	for i := range findings {
		findings[i].File = path
	}
	return findings
}

// worst keeps maxFindings of many, the first of those with the gravest effect,
// in their order.
func worst(findings []Finding) []Finding {
	var counts [HostLost + 1]int
	for _, f := range findings {
		counts[f.Effect]++
	}
	room := maxFindings
	for effect := HostLost; effect >= Style; effect-- {
		counts[effect] = min(counts[effect], room)
		room -= counts[effect]
	}
	kept := findings[:0]
	for _, f := range findings {
		if counts[f.Effect] > 0 {
			counts[f.Effect]--
			kept = append(kept, f)
		}
	}
	return kept
}
