package webhook

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// A Token is kept in a file, which is read for every post: what is in it is
// valid from then on. It may hold several, one on each line, so that the old
// one is good until the sender knows the new one.
type Token struct{ Path string }

// maxToken bounds the file, in bytes.
const maxToken = 64 << 10

// Check says whether the file can be used.
func (t *Token) Check() error {
	_, err := t.read()
	return err
}

// First is the token that a sender would say, with the same file.
func (t *Token) First() (string, error) {
	tokens, err := t.read()
	if err != nil {
		return "", err
	}
	return string(tokens[0]), nil
}

// knownTo says whether a request carries the token. Without a token everybody
// knows it.
func (t *Token) knownTo(r *http.Request) (bool, error) {
	if t == nil {
		return true, nil
	}
	tokens, err := t.read()
	if err != nil {
		return false, err
	}
	scheme, said, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got := sha256.Sum256([]byte(strings.TrimSpace(said)))
	known := 0
	for _, token := range tokens { // all of them, always, in a time that tells nothing
		want := sha256.Sum256(token)
		known |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return known == 1 && strings.EqualFold(scheme, "Bearer"), nil
}

func (t *Token) read() ([][]byte, error) {
	f, err := os.Open(t.Path)
	if err != nil {
		return nil, fmt.Errorf("token file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxToken+1))
	if err == nil && len(data) > maxToken {
		err = errors.New("larger than 64 KiB")
	}
	if err != nil {
		return nil, fmt.Errorf("token file %s: %w", t.Path, err)
	}
	var tokens [][]byte
	for token := range bytes.Lines(data) {
		if token = bytes.TrimSpace(token); len(token) > 0 {
			tokens = append(tokens, token)
		}
	}
	if len(tokens) == 0 { // which must not be what somebody without one says
		return nil, fmt.Errorf("token file %s: it is empty", t.Path)
	}
	return tokens, nil
}
