package mailbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/aiosai/aipass-exporter/internal/aipass"
)

// A Count is what the central file says of a branch.
type Count struct {
	Unread int `json:"unread"`
	Total  int `json:"total"`
}

// central is AI_MAIL.central.json, as AIPass's central writer makes it. Its day
// is all the time there is, on purpose.
type central struct {
	Service     string           `json:"service"`
	LastUpdated string           `json:"last_updated"`
	Branches    map[string]Count `json:"branch_stats"`
	System      struct {
		Unread int `json:"total_unread"`
		Total  int `json:"total_messages"`
	} `json:"system_totals"`
}

// centralTimeout is the longest wait for another of this program's runs that
// writes such a file. AIPass's programs take no lock for them.
const centralTimeout = time.Second

// UpdateCentral writes the counts of all branches, by name, into AIPass's
// central file in dir. It is a cache: AIPass makes it anew whenever it sends
// mail. Where there is no such directory, there is nothing to do.
func UpdateCentral(ctx context.Context, dir string, counts map[string]Count, today time.Time) error {
	return WriteCentral(ctx, dir, aipass.MailCentral, newCentral(counts, today))
}

// WriteCentral makes a document the file of a name in dir, where AIPass keeps
// what it gathers, as AIPass itself would write it. Readers find the old one or
// the new one. Where there is no such directory, there is nothing to do.
func WriteCentral(ctx context.Context, dir, name string, document any) error {
	folder, err := openFolder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.close()
	data, err := marshalCentral(document)
	if err != nil {
		return fmt.Errorf("%s: %w", folder.path(name), err)
	}
	ctx, cancel := context.WithTimeout(ctx, centralTimeout)
	defer cancel()
	return replaceCentral(ctx, folder, name, data)
}

func newCentral(counts map[string]Count, today time.Time) central {
	c := central{Service: "ai_mail", LastUpdated: today.Format(time.DateOnly), Branches: counts}
	if counts == nil {
		c.Branches = map[string]Count{} // null would be no object to AIPass
	}
	for _, n := range counts {
		c.System.Unread += n.Unread
		c.System.Total += n.Total
	}
	return c
}

// marshalCentral writes like Python's json.dump with an indent of two and
// without ensure_ascii.
func marshalCentral(document any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(document)
	return bytes.TrimSpace(out.Bytes()), err
}

// replaceCentral locks the directory itself, for a lock file would be one more
// that AIPass does not know.
func replaceCentral(ctx context.Context, dir folder, name string, data []byte) error {
	lock, err := dir.open(".", os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer lock.Close() // which gives it back
	if err := wait(ctx, lock); err != nil {
		return fmt.Errorf("%s: %w", dir.path("."), err)
	}
	own, err := centralOwner(dir, name, lock)
	if err != nil {
		return err
	}
	removeLeftovers(dir, ".")
	f, temp, err := writeTemp(dir, "", data, own)
	if err != nil {
		return err
	}
	f.Close()
	if err := dir.rename(temp, name); err != nil {
		_ = dir.remove(temp) // the first error is the one to report
		return err
	}
	return syncDir(dir, ".")
}

// centralOwner is who has the file or, if there is none, the directory.
func centralOwner(dir folder, name string, opened file) (ownership, error) {
	info, err := dir.lstat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return ownership{}, notRegular(dir, name, info)
	case err == nil:
		return ownershipOf(info)
	case !errors.Is(err, fs.ErrNotExist):
		return ownership{}, err
	}
	if info, err = opened.Stat(); err != nil {
		return ownership{}, err
	}
	own, err := ownershipOf(info)
	own.mode &= 0o666
	return own, err
}
