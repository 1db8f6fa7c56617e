package dashboard

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// ReadAll reads all dashboards of a directory.
func ReadAll(dir string) ([]Dashboard, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("dashboards: none in %s", dir)
	}
	all := make([]Dashboard, len(files))
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("dashboards: %w", err)
		}
		if err := json.Unmarshal(data, &all[i]); err != nil {
			return nil, fmt.Errorf("dashboards: %s: %w", file, err)
		}
		all[i].File = file
	}
	return all, nil
}

// SumsFile lies beside the pictures and says which dashboards they were drawn from.
const SumsFile = "dashboards.sha256"

// Sums are the checksums of the files of dashboards, as sha256sum writes them.
func Sums(all []Dashboard) ([]byte, error) {
	var sums []byte
	for _, d := range all {
		data, err := os.ReadFile(d.File)
		if err != nil {
			return nil, fmt.Errorf("checksums of dashboards: %w", err)
		}
		sums = fmt.Appendf(sums, "%x  %s\n", sha256.Sum256(data), filepath.Base(d.File))
	}
	return sums, nil
}
