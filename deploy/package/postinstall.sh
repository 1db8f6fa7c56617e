#!/bin/sh
# After an installation or an upgrade. Nothing is started; a receiver or exporter
# that ran goes on as the new program. One that cannot, or a systemd that does not
# answer, is no reason to leave the package half installed.
set -e
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload || true
systemctl try-restart aipass-actions-webhook.service aipass-exporter-serve.service || true
