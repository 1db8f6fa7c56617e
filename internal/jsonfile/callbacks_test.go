package jsonfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

func TestMembersComeInOrderDuplicatesIncluded(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(strings.NewReader(`{"b": 1, "a": 2, "b": 3, "é\n": 4}`))
	var got []string
	err := d.Object(func(name string) error {
		v, err := d.Value()
		got = append(got, name+"="+v.Text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b=1", "a=2", "b=3", "é\n=4"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatACallbackLeavesIsSkipped(t *testing.T) {
	t.Parallel()
	const text = `[{"x": {"y": [1, {"z": "]"}]}, "want": 1}, [[2]], "s", 3, null, {"want": 2}]`
	d := jsonfile.NewDecoder(strings.NewReader(text))
	var got []string
	err := d.Array(func() error {
		kind, err := d.Next() // looking is not reading
		if err != nil || kind != jsonfile.Object {
			return err
		}
		return d.Object(func(name string) error {
			if name != "want" {
				return nil
			}
			v, err := d.Value()
			got = append(got, v.Text)
			return err
		})
	})
	if err == nil {
		err = d.End()
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsSkippedIsCheckedAllTheSame(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"member":              `{"a": [01]}`,
		"element of a member": `{"a": [{"b": tru}]}`,
		"last of an object":   `{"a": 1,}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := jsonfile.NewDecoder(strings.NewReader(text)).Object(func(string) error { return nil })
			wantError(t, err, refused)
		})
	}
}

func TestACallbacksErrorComesThroughUnchanged(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	d := jsonfile.NewDecoder(strings.NewReader(`{"a": [1, 2, 3], "b": ?`))
	calls := 0
	err := d.Object(func(string) error {
		return d.Array(func() error {
			if calls++; calls == 2 {
				return enough
			}
			return nil
		})
	})
	if !errors.Is(err, enough) || calls != 2 {
		t.Errorf("got %v after %d calls, want %v after 2", err, calls, enough)
	}
}

func TestACallbackThatReadsTooMuchIsAFault(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(strings.NewReader(`[1, 2]`))
	err := d.Array(func() error {
		if err := d.Skip(); err != nil {
			return err
		}
		return d.Skip()
	})
	wantError(t, err, refused)
}

func TestOtherThanTheContainerAskedForIsAFault(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `1`, `"{"`, `null`, ``, ` `} {
		err := jsonfile.NewDecoder(strings.NewReader(text)).Object(func(string) error { return nil })
		wantError(t, err, refused)
	}
	for _, text := range []string{`{}`, `1`, `"["`, `null`, ``, ` `} {
		err := jsonfile.NewDecoder(strings.NewReader(text)).Array(func() error { return nil })
		wantError(t, err, refused)
	}
}

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	d := jsonfile.NewDecoder(nil)
	for name, before := range map[string]string{
		"a depth":         strings.Repeat("[", maxDepth+1),
		"lines":           strings.Repeat("\n", 3*bufferSize) + "?",
		"an end":          "[1,",
		"what was read":   `[1] {"a": "rest"}`,
		"an unread value": `{"a": `,
		"a kept text":     `"kept`,
	} {
		d.Reset(strings.NewReader(before))
		_ = d.Skip()
		for range 2 {
			got, err := events(d, strings.NewReader(`{"a": ["b"]}`))
			wantError(t, err, nil)
			if diff := cmp.Diff([]string{"{", "name a", "[", "string b true", "]", "}"}, got); diff != "" {
				t.Errorf("after %s:\n%s", name, diff)
			}
		}
		d.Reset(strings.NewReader(before))
		_ = d.Skip()
		_, err := events(d, strings.NewReader(nested(maxDepth)))
		wantError(t, err, nil)

		d.Reset(strings.NewReader(before))
		_ = d.Skip()
		_, err = events(d, strings.NewReader("\n ?"))
		if diff := cmp.Diff(fault{2, 2, "'?' where a value should be"}, faultOf(t, err)); diff != "" {
			t.Errorf("after %s:\n%s", name, diff)
		}
	}
}
