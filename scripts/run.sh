#!/usr/bin/env bash
# The main job, from the files of a host to mail in its mailboxes. Without
# AIPASS_HOME on a demo host, which is laid once: a second run shows that nothing
# is told twice. With AIPASS_HOME only what would be done is said.
set -euo pipefail

# 1 is: something is wrong with the host, which is what this is about.
really() { "$@" || [ $? -eq 1 ]; }

if [ -n "${AIPASS_HOME:-}" ]; then
  really bin/aipass-exporter check --aipass.home="$AIPASS_HOME"
  echo
  echo "What aipass-actions run would do, of which nothing has been done:"
  really bin/aipass-actions run --dry-run --aipass.home="$AIPASS_HOME" --log.level=error
  exit
fi

home=build/demo-host state=build/state textfiles=build/textfile
mkdir -p "$textfiles"
if [ ! -e "$home" ]; then
  rm -rf "$state"
  "${GO:-go}" run ./test/layhost "$PWD/$home" >/dev/null
  echo "AIPASS_HOME is not set: using a demo host, some of whose branches are sick."
else
  echo "The demo host again, as the last run left it: what is told already is not told again."
fi
flags=(--aipass.home="$home" --state.dir="$state" --log.level=error)

echo
really bin/aipass-exporter check --aipass.home="$home"
echo
echo "== aipass-actions run: metrics, alert rules, mail, cleanup"
really bin/aipass-actions run "${flags[@]}" --textfile.directory="$textfiles" 2>build/run.log
echo
echo "== aipass-actions report"
bin/aipass-actions report "${flags[@]}"
cat <<EOF

== To look at
$textfiles/aipass.prom    $(grep -vc '^#' "$textfiles/aipass.prom") series for node_exporter
$home/aipass_core/drone/ai_mail.local/inbox.json    mail about a memory that is too long
$home/.ai_central/HEALTH.central.json    what is wrong, for AIPass's own programs
build/run.log    what could not be done, and the remedy

== To run next
make run    again: nothing is told twice
bin/aipass-actions status --state.dir=$state
bin/aipass-actions history --state.dir=$state
bin/aipass-actions undo --aipass.home=$home --state.dir=$state    puts back what the cleanup did
make clean    for a demo host as it was
EOF
