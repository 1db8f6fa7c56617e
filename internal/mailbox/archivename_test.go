package mailbox

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

var subjects50 = strings.Repeat("0123456789", 5)

func TestTheSubjectIsNamedAsAIPassNamesIt(t *testing.T) {
	t.Parallel()
	subjects := []string{
		"", " ", "RE: path lookup", "[DAILY] System Report - 2026-02-19", "a/b\\c", "../../etc/passwd", "..", ".", ".hidden", "/", "~", "-rf", "_",
		"  leading", "trailing  ", "\ttab\n", "\u00a0no-break\u00a0", "x\u2028y", "NUL\x00", "a\u0301 é", "日本語の件名", "Ünïcödé ß", "١٢٣ ½ Ⅷ ²", "😀 smile", "👨‍👩‍👧",
		"हिन्दी", "a\u200bb", "ª º", "ʰ", "𝔸𝕓", "\U00020000", "\ufffd", "<>:|?*\"", strings.Repeat("x", 300), strings.Repeat("日", 300), strings.Repeat("é", 49) + "  end",
		subjects50, subjects50 + "x", subjects50[:49] + " x", " " + subjects50, strings.Repeat("😀", 60), strings.Repeat(" ", 60) + "x", "auto_execute: true",
	}
	want := judge[[]string](t, `
def safe(subject):
    return "".join(c if c.isalnum() or c in (" ", "-", "_") else "_" for c in subject)[:50].strip()

says = [safe(subject) for subject in given]
`, subjects)
	for i, subject := range subjects {
		if got := fileName(subject, nameLength); got != want[i] {
			t.Errorf("%q: got %q, python %q", subject, got, want[i])
		}
	}
}

// Of what both Python and Go know, whichever version of Unicode each is of.
func TestEveryCharacterOfASubjectIsKeptOrReplacedAsPythonDoesIt(t *testing.T) {
	t.Parallel()
	kept := judge[string](t, `
import unicodedata
says = "".join("?" if unicodedata.category(chr(c)) in ("Cn", "Co", "Cs") else "y" if chr(c).isalnum() else "n" for c in range(given))
`, unicode.MaxRune+1)
	for r := range unicode.MaxRune + 1 {
		if kept[r] == '?' || strings.ContainsRune(" -_", r) || !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf) {
			continue
		}
		if got := fileName(string(r), nameLength) == string(r); got != (kept[r] == 'y') {
			t.Errorf("%U: kept is %v, python says %c", r, got, kept[r])
		}
	}
}

func TestArchiveNamesFitIntoAnyFileSystem(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("𝔸", 60) // a letter of 4 bytes
	message, _ := json.Marshal(map[string]string{"id": long, "subject": long})
	dir := put(t, `{"messages": [`+strings.Repeat(string(message)+",", 11)+string(message)+`]}`)
	archive(t, dir, Options{}, nil)
	files := archives(t, dir)
	if len(files) != 12 {
		t.Errorf("got %d files, want 12", len(files))
	}
	for name := range files {
		if len(name) > 255 || !strings.HasPrefix(name, "20260219_080003_𝔸𝔸") {
			t.Errorf("%s has %d bytes", name, len(name))
		}
	}
}

func TestNoIDLeadsOutOfTheArchive(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		`"../../x"`:                              "_------x",
		`"/etc/passwd"`:                          "_-etc-passwd",
		`"a\u0000b\n"`:                           "_a-b-",
		`" 7 "`:                                  "_7",
		`""`:                                     "_",
		`null`:                                   "_",
		`42`:                                     "_",
		`["x"]`:                                  "_",
		`"550e8400-e29b-41d4-a716-446655440000"`: "_550e8400-e29b-41d4-a716-446655440000",
	} {
		dir := put(t, `{"messages": [{"subject": "s", "id": `+id+`}]}`)
		archive(t, dir, Options{}, nil)
		for name := range archives(t, dir) {
			if name != "20260219_080003_s"+want+".json" {
				t.Errorf("%s: got %s", id, name)
			}
		}
		if len(raws(t, dir)) != 0 || len(archives(t, dir)) != 1 {
			t.Errorf("%s: has not moved", id)
		}
	}
}
