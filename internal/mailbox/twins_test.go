package mailbox

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// Messages that look the same are not: none may take another's place in the
// archive, nor share its fate.

const (
	opened = `{"id": "3fa9c01e", "timestamp": "2026-02-19 08:00:03", "subject": "s", "message": "one", "status": "opened"}`
	unread = `{"id": "3fa9c01e", "timestamp": "2026-02-19 08:00:03", "subject": "s", "message": "two", "status": "new"}`
)

// bodies are what the archived messages say.
func bodies(t *testing.T, dir string) []string {
	t.Helper()
	var texts []string
	for _, text := range archives(t, dir) {
		texts = append(texts, text)
	}
	says := judge[[]string](t, `says = [json.loads(text)["message"] for text in given]`, texts)
	slices.Sort(says)
	return says
}

func TestTwinsArchivedTogetherHaveAFileEach(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [`+unread+`, `+opened+`]}`)
	changes := archive(t, dir, Options{}, nil)
	if diff := cmp.Diff([]string{"one", "two"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(changes) != 2 || changes[0].Archive == changes[1].Archive {
		t.Errorf("got %v, want both", changes)
	}
}

func TestATwinThatStaysLeavesTheOthersFileAlone(t *testing.T) {
	t.Parallel()
	for name, mailbox := range map[string]func(string, Options) Mailbox{"modern": at, "legacy": legacyAt} {
		dir := put(t, `{"messages": [`+unread+`, `+opened+`]}`)
		_, err := mailbox(dir, Options{}).Update(t.Context(), func(d *Doc) error {
			for _, m := range d.Messages() {
				if m.Status == aipass.OpenedMail {
					return d.Archive(m)
				}
			}
			return nil
		})
		must(t, err)
		if diff := cmp.Diff([]string{unread}, raws(t, dir)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if diff := cmp.Diff([]string{"one"}, bodies(t, dir)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// As in the legacy generation, where a change that was undone is made again.
func TestATwinThatStaysLeavesTheOthersFileAloneInASecondRound(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [`+unread+`, `+opened+`, {"id": "1", "status": "new"}]}`)
	undo := func() { overwrite(t, dir, `{"messages": [`+unread+`, {"id": "1", "status": "new"}]}`) }
	_, err := legacyAt(dir, hooks{"after rename inbox.json": undo}.in(Options{})).Update(t.Context(), func(d *Doc) error {
		for _, m := range d.Messages() {
			switch {
			case m.ID == "1" && m.Status == aipass.NewMail:
				must(t, d.Open(m))
			case m.Status == aipass.OpenedMail && m.ID != "1":
				must(t, d.Archive(m))
			}
		}
		return nil
	})
	must(t, err)
	if diff := cmp.Diff([]string{unread, `{"id": "1", "status": "opened", "read": true}`}, raws(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"one"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestATwinThatComesMeanwhileLeavesTheOthersFileAlone(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [`+opened+`]}`)
	twin := func() { overwrite(t, dir, `{"messages": [`+unread+`, `+opened+`]}`) }
	archive(t, dir, hooks{"after link deleted/20260219_080003_s_3fa9c01e.json": twin}.in(Options{}), func(m *Message) bool {
		return m.Status == aipass.OpenedMail
	})
	if diff := cmp.Diff([]string{unread}, raws(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"one"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMessagesOfOneSecondHaveAFileEach(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": []}`)
	for _, body := range []string{"one", "two", "three"} {
		_, err := at(dir, Options{}).Update(t.Context(), func(d *Doc) error {
			return d.Restore([]byte(strings.Replace(opened, "one", body, 1)), 0)
		})
		must(t, err)
		archive(t, dir, Options{}, nil)
	}
	if diff := cmp.Diff([]string{"one", "three", "two"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatAIPassArchivedIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [`+opened+`]}`)
	for _, name := range []string{"20260219_080003_s.json", "20260219_080003_s_3fa9c01e.json", "20260219_080003_s_2_3fa9c01e.json"} {
		mustWrite(t, dir, "deleted/"+name, `{"message": "AIPass's"}`)
	}
	archive(t, dir, Options{}, nil)
	if diff := cmp.Diff([]string{"AIPass's", "AIPass's", "AIPass's", "one"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnArchiveOfARunThatCameNoFurtherIsUsedAgain(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"ordinary":                           opened,
		"without id":                         `{"message": "one", "subject": "s"}`,
		"with the members that closing adds": `{"message": "one", "archived_at": "x", "read": null, "id": "a_b/c"}`,
	} {
		dir := put(t, `{"messages": [`+raw+`]}`)
		before := inbox(t, dir)
		first := archive(t, dir, Options{}, nil)[0].Archive
		files := archives(t, dir)
		mustWrite(t, dir, aipass.InboxFile, before)
		anHourOn := func() time.Time { return now.Add(time.Hour) }
		if again := archive(t, dir, Options{Now: anHourOn}, nil)[0].Archive; again != first {
			t.Errorf("%s: now in %s, was in %s", name, again, first)
		}
		if diff := cmp.Diff(files, archives(t, dir)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestAMessageThatHasChangedSinceIsArchivedAnew(t *testing.T) {
	t.Parallel()
	dir := put(t, `{"messages": [`+opened+`]}`)
	archive(t, dir, Options{}, nil)
	mustWrite(t, dir, aipass.InboxFile, `{"messages": [`+strings.Replace(opened, "one", "two", 1)+`]}`)
	archive(t, dir, Options{}, nil)
	if diff := cmp.Diff([]string{"one", "two"}, bodies(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
