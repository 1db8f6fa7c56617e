package jsonfile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// python is the interpreter that the documents are read for. A test that did
// without would say nothing.
func python(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs python3, whose json.load is the specification: %v", err)
	}
	return path
}

func TestPythonItselfAgrees(t *testing.T) {
	t.Parallel()
	docs := append(corpus(t), documents...)
	verdicts := jsonLoad(t, docs)
	d := jsonfile.NewDecoder(nil)
	for i, doc := range docs {
		t.Run(doc.name, func(t *testing.T) {
			got, err := events(d, strings.NewReader(doc.text))
			switch python := verdicts[i]; {
			case python == nil:
				wantError(t, err, refused)
			case python.Lone:
				wantError(t, err, lone)
			default:
				wantError(t, err, nil)
				if diff := cmp.Diff(python.Events, got); diff != "" {
					t.Errorf("(-python +got):\n%s", diff)
				}
			}
		})
	}
}

// A verdict is what Python makes of a document, nil if it refuses it.
type verdict struct {
	Lone   bool
	Events []string
}

// jsonLoad has one Python process load all documents.
func jsonLoad(t *testing.T, docs []document) []*verdict {
	t.Helper()
	dir := t.TempDir()
	var paths strings.Builder
	for i, doc := range docs {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(path, []byte(doc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&paths, path)
	}
	cmd := exec.CommandContext(t.Context(), python(t), "-I", "testdata/json_load.py")
	cmd.Stdin = strings.NewReader(paths.String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var verdicts []*verdict
	if err := json.Unmarshal(out, &verdicts); err != nil {
		t.Fatal(err)
	}
	if len(verdicts) != len(docs) {
		t.Fatalf("python answered %d times, want %d", len(verdicts), len(docs))
	}
	return verdicts
}

// corpus is what is committed for the fuzzer.
func corpus(t *testing.T) []document {
	t.Helper()
	names, err := filepath.Glob("testdata/fuzz/FuzzDecoder/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var docs []document
	for _, name := range names {
		text, err := readSeed(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		docs = append(docs, document{name: "corpus " + filepath.Base(name), text: text})
	}
	return docs
}

// readSeed reads a file of the format that go test writes for a []byte.
func readSeed(name string) (string, error) {
	seed, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	_, quoted, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(string(seed)), ")"), "\n[]byte(")
	if !ok {
		return "", errors.New("not a seed of one []byte")
	}
	return strconv.Unquote(quoted)
}
