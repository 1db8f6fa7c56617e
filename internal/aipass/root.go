package aipass

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
)

// ErrNoRoot says that no AIPass home was found.
var ErrNoRoot = errors.New("no AIPass home found")

// FindRoot looks for a host as AIPass's own programs do: AIPASS_REGISTRY (a
// path), then upwards from the working directory, then the home directory.
func FindRoot(getenv func(string) string, workingDir string) (string, error) {
	if registry := getenv("AIPASS_REGISTRY"); registry != "" {
		return filepath.Dir(registry), nil
	}
	var looked []string
	for dir := workingDir; ; dir = filepath.Dir(dir) {
		looked = append(looked, dir)
		if hasRegistry(dir) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if home := homeDir(getenv); home != "" {
		looked = append(looked, home)
		if hasRegistry(home) {
			return home, nil
		}
	}
	return "", fmt.Errorf("%w: no %s or %s in %s; name the home with --aipass.home or AIPASS_HOME",
		ErrNoRoot, registryFile(Modern), registryFile(Legacy), strings.Join(looked, ", "))
}

// homeDir is HOME, else what the password database says, as in Python.
func homeDir(getenv func(string) string) string {
	if home := getenv("HOME"); home != "" {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

func hasRegistry(dir string) bool {
	for _, l := range layouts {
		if _, err := os.Stat(filepath.Join(dir, registryFile(l))); !errors.Is(err, fs.ErrNotExist) {
			return err == nil
		}
	}
	return false
}
