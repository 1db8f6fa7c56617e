// Package textfile knows the contract between whoever writes *.prom files and
// the textfile collector of node_exporter that reads them.
//
// The contract is narrower than the text format, and breaking it is rarely
// noticed. One faulty line costs the whole file. A duplicate series or a HELP
// that differs from another file's costs samples, of which only a log line
// speaks: node_textfile_scrape_error stays 0. A few inputs kill node_exporter,
// and with it every metric of the host.
//
// Write therefore publishes nothing that Check has not read back and accepted,
// Rewrite nothing of which it has not accepted all but the values, and Lint
// tells what node_exporter will make of a directory, whoever filled it.
//
// The package judges the form only. It does not know which metrics a file
// should hold, nor how old it may be, and it changes no file but the one that
// it is asked to replace, and Rewrite's memory.
package textfile
