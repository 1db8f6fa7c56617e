#!/bin/sh
# After a removal (dpkg says remove, then maybe purge; rpm 0). The state of
# aipass-actions is in its user's home and is left: undo lives by it.
set -e
case $1 in
  remove | 0)
    # node_exporter would show the last metrics for ever.
    rm -f /var/lib/prometheus/node-exporter/aipass.prom /var/lib/prometheus/node-exporter/aipass_actions.prom
    ;;
  purge) rm -rf /var/lib/aipass-exporter ;;
  *) exit 0 ;;
esac
[ ! -d /run/systemd/system ] || systemctl daemon-reload || true
