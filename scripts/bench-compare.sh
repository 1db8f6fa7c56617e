#!/usr/bin/env bash
# The hot paths' benchmarks at another revision and as the tree stands now, side
# by side, as benchstat judges them: what got slower for certain has a p below 0.05.
set -euo pipefail
go=${GO:-go}
base=${BASE:-HEAD}
hot=${BENCH:-'^Benchmark(Look|LookAgain|WriteText|Check|CheckOfKnown|Decode|Skip|FirstCount|Tally|CountOfNothingMore)$'}
packages=(./collectors ./internal/aipass ./internal/jsonfile ./internal/logscan ./internal/textfile)

work=$(mktemp -d)
trap 'git worktree remove --force "$work/base" 2>/dev/null; rm -rf "$work"' EXIT
git worktree add --quiet --detach "$work/base" "$base"
measure() { "$go" -C "$1" test -run='^$' -bench="$hot" -benchmem -count="${COUNT:-6}" "${packages[@]}"; }
echo ">> $base" >&2
measure "$work/base" >"$work/before.txt"
echo ">> as it stands" >&2
measure . >"$work/after.txt"
"$go" tool -modfile=tools/benchstat/go.mod benchstat before="$work/before.txt" after="$work/after.txt"
