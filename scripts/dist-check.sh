#!/usr/bin/env bash
# Builds the commit twice, as two people would: each from a clone and a build cache
# of its own, with another umask, language and zone. Every byte has to be the same.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # CLONE
  git clone --quiet . "$1"
  GOCACHE=$1.cache DIST=$1.dist "$1/scripts/dist.sh" >/dev/null
}
(umask 022 && TZ=UTC LANG=C build "$work/one")
(umask 002 && TZ=Asia/Kathmandu LANG=de_DE.UTF-8 build "$work/somewhere-else")
diff -r "$work/one.dist" "$work/somewhere-else.dist"
echo "ok  	two builds, the same $(ls "$work/one.dist" | wc -l) files"
