#!/usr/bin/env bash
# The tests of the alert rules and of the routing, with promtool and amtool of the
# newest releases in the place of Debian's. They are pinned in tools/, and a go
# command builds them again only if that changes.
set -euo pipefail
go=${GO:-go}
export GOBIN=$PWD/bin/newest
# What discovers targets in clouds is most of promtool, and no rule needs it.
GOFLAGS=-tags=remove_all_sd "$go" -C tools/promtool install tool
"$go" -C tools/amtool install tool
for tool in promtool amtool; do
  "$go" version -m "$GOBIN/$tool" | awk -v tool=$tool '$1 == "mod" {print tool, $3}'
done

PATH=$GOBIN:$PATH "$go" test -count=1 ./deploy/...

# What Debian's Alertmanager does not know yet.
config=$(mktemp)
trap 'rm -f "$config"' EXIT
sed 's/#timeout:/timeout:/' deploy/alertmanager/alertmanager.yml >"$config"
"$GOBIN/amtool" check-config "$config" >/dev/null
echo "ok  	alertmanager.yml with timeouts"
