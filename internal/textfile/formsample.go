package textfile

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// sample takes any other line, which must be a sample of the current family.
func (f *form) sample(line []byte) error {
	if f.typ == "" {
		return f.reject(Style, "expected HELP and TYPE before %q", excerpt(line))
	}
	suffix, rest, err := f.cutName(line)
	if err != nil {
		return err
	}
	if rest, err = f.cutLabels(rest); err != nil {
		return err
	}
	value, ok := bytes.CutPrefix(rest, []byte(" "))
	if !ok {
		return f.reject(Style, "expected one space and the value, found %q", excerpt(rest))
	}
	if bytes.ContainsAny(value, " \t") {
		return f.reject(FileDropped, "has a timestamp, or something else after its value: %q", excerpt(value))
	}
	return f.place(suffix, value)
}

// cutName splits off the metric name and returns what it has more than the
// family's.
func (f *form) cutName(line []byte) (suffix, rest []byte, err error) {
	end := bytes.IndexAny(line, "{ ")
	if end == 0 && line[0] == '{' {
		return nil, nil, f.reject(HostLost, "no metric name before the brace: releases of node_exporter crash over it")
	}
	if end < 0 {
		return nil, nil, f.reject(FileDropped, "expected a sample, found %q", excerpt(line))
	}
	suffix, ok := bytes.CutPrefix(line[:end], []byte(f.name))
	if !ok || len(suffix) > 0 && !slices.Contains(parts(f.typ), string(suffix)) {
		return nil, nil, f.reject(Style, "%q stands among the samples of another metric", excerpt(line[:end]))
	}
	return suffix, line[end:], nil
}

// cutLabels splits off the labels, into f.labels, and compares their names with
// those of the family's first sample.
func (f *form) cutLabels(rest []byte) ([]byte, error) {
	rest, fault := f.labels.cut(rest, specialLabel(f.typ))
	if fault != "" {
		return nil, f.reject(FileDropped, "%s", fault)
	}
	if f.labels.reserved {
		return nil, f.reject(HostLost, "node_exporter crashes over a label name that begins with __")
	}
	if !f.sampled {
		f.shape, f.sampled = append(f.shape[:0], f.labels.shape...), true
	}
	if !bytes.Equal(f.shape, f.labels.shape) {
		return nil, f.reject(Style, "labels differ from those of the first sample, or their order does")
	}
	return rest, nil
}

// place sees to it that the series is new, and that those of a histogram or
// summary are whole.
func (f *form) place(suffix, value []byte) error {
	if f.typ != histogram && f.typ != summary {
		return f.unseen()
	}
	opens, fault := f.group.next(f.typ, string(suffix), &f.labels, value)
	if fault != "" {
		return f.reject(SamplesLost, "%s", fault)
	}
	if opens {
		return f.unseen()
	}
	return nil
}

// unseen adds the current series to those seen. Labels are hashed as they are
// written: with the names in a fixed order there is one way to write them.
func (f *form) unseen() error {
	var h maphash.Hash
	h.SetSeed(f.seed)
	h.WriteString(f.name)
	h.Write(f.labels.key)
	if !f.seen.add(h.Sum64()) {
		return f.reject(SamplesLost, "series {%s} comes a second time", excerpt(f.labels.key))
	}
	return nil
}

// excerpt cuts what is quoted in a message to a length that can be read.
func excerpt(b []byte) []byte {
	const most = 60
	if len(b) <= most {
		return b
	}
	return append(slices.Clone(b[:most]), "..."...)
}
