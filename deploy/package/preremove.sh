#!/bin/sh
# Before a removal (dpkg says remove, rpm 0), not before an upgrade: what somebody
# enabled is disabled, or links into nowhere would be left.
set -e
case $1 in
  remove | 0) ;;
  *) exit 0 ;;
esac
command -v systemctl >/dev/null || exit 0
now=
[ ! -d /run/systemd/system ] || now=--now
# A unit that is masked cannot be disabled, and is no reason to stay.
for unit in aipass-exporter-collect.timer aipass-exporter-serve.service \
  aipass-actions-run.timer aipass-actions-report.timer aipass-actions-webhook.service; do
  systemctl --quiet disable $now $unit || true
done
