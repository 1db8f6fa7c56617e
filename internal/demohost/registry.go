package demohost

import (
	"path/filepath"
	"time"
)

type registry struct {
	Metadata registryMetadata `json:"metadata"`
	Branches []registered     `json:"branches"`
}

type registryMetadata struct {
	Version     string `json:"version"`
	LastUpdated string `json:"last_updated"`
	Total       int    `json:"total_branches"`
}

type registered struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	Profile     string `json:"profile"`
	Description string `json:"description"`
	Email       string `json:"email"`
	Status      string `json:"status"`
	Created     string `json:"created"`
	LastActive  string `json:"last_active"`
}

// register writes both registries, each with the branches of its generation.
func (h host) register(branches []branch) {
	var legacy, modern []registered
	for _, b := range branches {
		if b.modern {
			modern = append(modern, h.entry(b))
		} else {
			legacy = append(legacy, h.entry(b))
		}
	}
	h.doc("BRANCH_REGISTRY.json", 6*time.Hour, h.newRegistry(legacy))
	h.doc("AIPASS_REGISTRY.json", 6*time.Hour, h.newRegistry(modern))
}

func (h host) newRegistry(branches []registered) registry {
	return registry{
		Metadata: registryMetadata{Version: "1.0.0", LastUpdated: h.date(0), Total: len(branches)},
		Branches: append([]registered{}, branches...), // an empty list, never null
	}
}

func (h host) entry(b branch) registered {
	return registered{
		Name:        b.name,
		Path:        h.registeredPath(b),
		Profile:     profile(b),
		Description: b.about,
		Email:       b.address(),
		Status:      "active",
		Created:     h.date(120 * day),
		LastActive:  h.date(0),
	}
}

func (h host) registeredPath(b branch) string {
	if b.modern && !b.absolute {
		return b.path
	}
	return filepath.ToSlash(h.onDisk(b.path))
}

func profile(b branch) string {
	if b.modern {
		return "library"
	}
	return "AIPass Workshop"
}
