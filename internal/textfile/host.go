package textfile

import "fmt"

// A host is what the files read so far say together. node_exporter puts them
// all on one page, on which a metric has one HELP and one TYPE.
type host struct {
	families map[string]*hostFamily
	typeOf   map[string]string
}

type hostFamily struct {
	first    place   // where its samples are served from
	typ      string  // which the others have to share
	helped   bool    // the first file has a HELP
	help     *string // of the first file that has one
	conflict bool    // another file had another HELP
	series   map[uint64]place
}

// A place is a line of a file.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", printable(p.file), p.line) }

func newHost() *host {
	return &host{families: map[string]*hostFamily{}, typeOf: map[string]string{}}
}

// merge adds the families of a file and tells what is lost where they do not
// agree with those before.
func (h *host) merge(file string, families []*family) []Finding {
	var findings []Finding
	for _, f := range families {
		if len(f.series) == 0 {
			continue // the parser forgets a family without samples
		}
		for _, fault := range h.add(file, f) {
			fault.Line, fault.Metric = max(fault.Line, f.line), f.name
			findings = append(findings, fault)
		}
	}
	return findings
}

func (h *host) add(file string, f *family) (faults []Finding) {
	if isBuiltin(f.name) {
		faults = append(faults, Finding{
			Effect: SamplesLost, Remedy: "choose another name",
			Message: "node_exporter serves a metric of this name itself, and drops one of the two",
		})
	}
	known := h.families[f.name]
	if known == nil {
		return append(faults, h.begin(file, f)...)
	}
	if fault, agrees := known.agree(f); !agrees {
		return append(faults, fault)
	}
	return append(faults, known.addSeries(file, f)...)
}

// begin takes the first file that has the family.
func (h *host) begin(file string, f *family) (faults []Finding) {
	if other, found := collision(f.name, f.typ, h.typeOf); found {
		faults = append(faults, Finding{
			Effect: SamplesLost, Remedy: "choose another name",
			Message: fmt.Sprintf("shares a sample name with %s, and node_exporter drops one of the two", other),
		})
	}
	h.typeOf[f.name] = f.typ
	known := &hostFamily{
		first: place{file, f.line}, typ: f.typ, helped: f.help != nil, help: f.help,
		series: make(map[uint64]place, len(f.series)),
	}
	h.families[f.name] = known
	known.addSeries(file, f)
	return faults
}

// agree compares HELP and TYPE with those of the files before. The order of the
// questions is node_exporter's.
func (k *hostFamily) agree(f *family) (fault Finding, ok bool) {
	switch {
	case f.help == nil && k.conflict:
		return Finding{
			Effect: HostLost, Remedy: "give all files the same HELP",
			Message: "node_exporter crashes: earlier files differ in HELP, and this one has none",
		}, false
	case f.help != nil && k.help != nil && (*f.help != *k.help || k.conflict):
		k.conflict = true
		return Finding{
			Effect: FamilyLost, Remedy: "give all files the same HELP",
			Message: fmt.Sprintf("HELP differs between files, first at %v", k.first),
		}, false
	}
	if k.help == nil {
		k.help = f.help
	}
	switch {
	case k.helped && f.help == nil:
		return Finding{
			Effect: SamplesLost, Remedy: "give all files the same HELP",
			Message: fmt.Sprintf("has no HELP, and the one node_exporter makes up differs from %v", k.first),
		}, false
	case !k.helped && f.help != nil:
		return Finding{
			Effect: SamplesLost, Remedy: "give all files the same HELP",
			Message: fmt.Sprintf("has a HELP, which differs from the one node_exporter makes up for %v", k.first),
		}, false
	case k.typ != f.typ:
		return Finding{
			Effect: SamplesLost, Remedy: "give all files the same TYPE",
			Message: fmt.Sprintf("TYPE is %s, but %s at %v", f.typ, k.typ, k.first),
		}, false
	}
	return Finding{}, true
}

// addSeries adds a file's series. Of those that an earlier file has it tells the
// first and the number.
func (k *hostFamily) addSeries(file string, f *family) []Finding {
	var again []seriesAt
	for _, s := range f.series {
		if _, twice := k.series[s.hash]; twice {
			again = append(again, s)
		} else {
			k.series[s.hash] = place{file, s.line}
		}
	}
	if len(again) == 0 {
		return nil
	}
	message := fmt.Sprintf("is the same series as %v, which is served", k.series[again[0].hash])
	if more := len(again) - 1; more > 0 {
		message += fmt.Sprintf(", and so for %d more", more)
	}
	return []Finding{{Line: again[0].line, Effect: SamplesLost, Message: message}}
}
