package main

import (
	"errors"
	"path/filepath"

	"github.com/alecthomas/units"

	"github.com/aiosai/aipass-exporter/actions/ledger"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// ledgerFlags are those of commands that write to the ledger.
type ledgerFlags struct{ maxSize units.Base2Bytes }

func addLedgerFlags(g cli.FlagGroup) *ledgerFlags {
	f := new(ledgerFlags)
	g.Flag("ledger.max-size", "Size from which on "+ledger.File+" is moved aside; three of these are kept.").Default("16MiB").BytesVar(&f.maxSize)
	return f
}

func (f *ledgerFlags) check() error {
	if f.maxSize <= 0 {
		return errors.New("--ledger.max-size must be above 0, try --help")
	}
	return nil
}

func (f *ledgerFlags) open(shared *sharedFlags) (*ledger.Ledger, error) {
	book, err := shared.ledger()
	book.MaxSize = int64(f.maxSize)
	return book, err
}

// ledger is the one in the state directory, to be read.
func (f *sharedFlags) ledger() (*ledger.Ledger, error) {
	dir, err := f.stateDir()
	return &ledger.Ledger{Path: filepath.Join(dir, ledger.File)}, err
}
