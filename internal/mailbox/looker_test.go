package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"

	"github.com/aiosai/aipass-exporter/internal/aipass"
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// looker is the name of the Go peer that looks all the time, as the exporter
// does.
const looker = "looker"

func (p *player) look(ctx context.Context) {
	for ctx.Err() == nil {
		switch err := p.lookOnce(); {
		case errors.Is(err, jsonfile.ErrTorn), errors.Is(err, io.ErrUnexpectedEOF):
			// Python was writing, and the lock not to be had in time.
			p.report("looked", "in vain")
		case err != nil:
			p.report("failed", err.Error())
		default:
			p.report("looked", "well")
		}
	}
}

func (p *player) lookOnce() error {
	var text []byte
	inbox, lock := filepath.Join(p.dir, aipass.InboxFile), filepath.Join(p.dir, aipass.InboxLock)
	_, err := jsonfile.Read(context.Background(), inbox, lock, func(r io.Reader) (err error) {
		if text, err = io.ReadAll(r); err == nil {
			err = newReader(text).Skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	var b box
	return errors.Join(json.Unmarshal(text, &b), b.check())
}
