package textfile

import "strings"

// isBuiltin reports whether node_exporter serves a family of that name itself,
// whatever its collectors: then one of the two is dropped, and which one depends
// on the order in which they are gathered.
func isBuiltin(name string) bool {
	switch name {
	case "node_textfile_scrape_error", "node_textfile_mtime_seconds",
		"node_scrape_collector_success", "node_scrape_collector_duration_seconds",
		"node_exporter_build_info",
		"promhttp_metric_handler_errors_total", "promhttp_metric_handler_requests_in_flight",
		"promhttp_metric_handler_requests_total",
		"process_cpu_seconds_total", "process_max_fds", "process_open_fds",
		"process_network_receive_bytes_total", "process_network_transmit_bytes_total",
		"process_resident_memory_bytes", "process_start_time_seconds",
		"process_virtual_memory_bytes", "process_virtual_memory_max_bytes",
		"go_gc_duration_seconds", "go_gc_gogc_percent", "go_gc_gomemlimit_bytes",
		"go_goroutines", "go_info", "go_sched_gomaxprocs_threads", "go_threads":
		return true
	}
	return strings.HasPrefix(name, "go_memstats_")
}
