#!/usr/bin/env bash
# Installs what the tests start or compare with, if it is not there. Nothing is
# enabled or started: tests run the programs themselves, on free ports. With
# "preview" as argument also what draws the dashboards for the documentation.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("${@:2}"); }
need prometheus-node-exporter prometheus-node-exporter
need promtool prometheus
need amtool prometheus-alertmanager
need python3 python3
need logrotate logrotate
need rg ripgrep
need flock util-linux
need prlimit util-linux
need crontab cron
need logrotate logrotate
need systemd-analyze systemd
need dpkg-deb dpkg
need rpm rpm
need strace strace
need lexgrog man-db
need zsh zsh
need groff groff-base
need curl curl
need aspell aspell aspell-en
need gcc gcc libc6-dev # -race needs cgo
if [ "${1:-}" = preview ]; then
  need chromium chromium
  need npm npm
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "the tests need: ${missing[*]} (names of Debian's packages); install them and try again" >&2
  exit 1
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
export DEBIAN_FRONTEND=noninteractive
# A policy that says no keeps the packages from starting their services.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap '"${sudo[@]}" rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
  "${sudo[@]}" chmod 755 $policy
fi
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
