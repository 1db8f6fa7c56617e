package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/procfs"
)

// filesystems are those that hold these paths, as node_exporter tells of file systems:
// for the rule that warns of a full disk.
func filesystems(paths ...string) ([]*procfs.MountInfo, error) {
	mounts, err := procfs.GetMounts()
	if err != nil {
		return nil, fmt.Errorf("file systems: %w", err)
	}
	var holding []*procfs.MountInfo
	seen := map[string]bool{}
	for _, path := range paths {
		path, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue // there is nothing yet
		}
		if m := mountOf(mounts, path); m != nil && !seen[m.MountPoint] {
			seen[m.MountPoint] = true
			holding = append(holding, m)
		}
	}
	return holding, nil
}

// mountOf is the mount that a path is below of, the last where several are in one place.
func mountOf(mounts []*procfs.MountInfo, path string) (holding *procfs.MountInfo) {
	for _, m := range mounts {
		below := path == m.MountPoint || strings.HasPrefix(path, strings.TrimSuffix(m.MountPoint, "/")+"/")
		if below && (holding == nil || len(m.MountPoint) >= len(holding.MountPoint)) {
			holding = m
		}
	}
	return holding
}

// writeFilesystems writes what node_exporter would say of them, with its labels.
func writeFilesystems(w io.Writer, paths ...string) error {
	mounts, err := filesystems(paths...)
	if err != nil {
		return err
	}
	reg := prometheus.NewRegistry()
	gauge := func(name string) *prometheus.GaugeVec {
		v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: "As node_exporter says."}, []string{"device", "fstype", "mountpoint"})
		reg.MustRegister(v)
		return v
	}
	avail, size, readOnly := gauge("node_filesystem_avail_bytes"), gauge("node_filesystem_size_bytes"), gauge("node_filesystem_readonly")
	for _, m := range mounts {
		var s syscall.Statfs_t
		if err := syscall.Statfs(m.MountPoint, &s); err != nil {
			return fmt.Errorf("file system %s: %w", m.MountPoint, err)
		}
		labels := []string{m.Source, m.FSType, m.MountPoint}
		avail.WithLabelValues(labels...).Set(float64(s.Bavail) * float64(s.Bsize))
		size.WithLabelValues(labels...).Set(float64(s.Blocks) * float64(s.Bsize))
		_, is := m.Options["ro"]
		readOnly.WithLabelValues(labels...).Set(map[bool]float64{true: 1}[is])
	}
	families, err := reg.Gather()
	if err != nil {
		return err
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
			return err
		}
	}
	return nil
}
