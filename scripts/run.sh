#!/usr/bin/env bash
# The main job on a host: what is on it, and the textfile that node_exporter
# would serve. Without AIPASS_HOME it is a demo host, laid out anew.
set -euo pipefail
home=${AIPASS_HOME:-}
if [ -n "$home" ]; then
  # This checkout may stand below the home, where the exporter never writes.
  textfile=$(mktemp -d "${TMPDIR:-/tmp}/aipass-textfile.XXXXXX")
else
  textfile=$PWD/build/textfile
  home=build/demo-host
  rm -rf "$home"
  mkdir -p build
  "${GO:-go}" run ./test/layhost "$home" >/dev/null
  echo "AIPASS_HOME is not set: using a demo host, some of whose branches are sick."
  echo
fi
mkdir -p "$textfile"
bin/aipass-exporter check --aipass.home="$home" || [ $? -eq 1 ] # 1: it found something
echo
bin/aipass-exporter collect --log.level=error --aipass.home="$home" --textfile.directory="$textfile" || [ $? -eq 1 ]
echo "textfile: $textfile/aipass.prom, $(grep -vc '^#' "$textfile/aipass.prom") series"
echo
echo "stale mail that aipass-actions cleanup would see to:"
bin/aipass-actions cleanup --dry-run --aipass.home="$home" 2>/dev/null || [ $? -eq 1 ] # 1: a branch would fail
