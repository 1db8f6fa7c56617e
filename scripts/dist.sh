#!/usr/bin/env bash
# Everything that is released, in dist/ or DIST: archives, packages, a bill of
# materials of each program, checksums. Two builds of a commit are the same bytes:
# what has a time has that of the commit, and no name of a machine or a branch.
#
# PLATFORMS says for which systems, VERSION names a version that is not git's.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
dist=$(realpath -m "${DIST:-dist}")
platforms=${PLATFORMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64}
programs=(aipass-exporter aipass-actions)
export LC_ALL=C TZ=UTC
umask 022

commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
# Without a tag a version goes by the time of the commit, so that later ones upgrade
# earlier ones, and any release upgrades them all.
version=${VERSION:-$(git describe --tags --exact-match 2>/dev/null || echo "0~$(date -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S).g${commit:0:7}")}
version=${version#v}
[ -z "$(git status --porcelain)" ] || echo "dist.sh: the working tree has changes that are not committed: nobody can build this again" >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tools" "$work/host"
rm -rf "$dist"
mkdir -p "$dist"

stamp=github.com/prometheus/common/version
build() { # OS/ARCH DIR
  CGO_ENABLED=0 GOOS=${1%/*} GOARCH=${1#*/} "$go" build -trimpath -buildvcs=false -o "$2/" \
    -ldflags "-s -w -buildid= -X $stamp.Version=$version -X $stamp.Revision=$commit -X $stamp.BuildDate=$(date -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" \
    ./cmd/...
}

# The man page is kingpin's, with a heading that man and whatis can read.
man() { # PROGRAM SUMMARY
  printf '.TH %s 1 "%s" "%s %s"\n.SH NAME\n%s \\- %s\n' "${1^^}" "$(date -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" "$1" "$version" "$1" "$2"
  "$work/host/$1" --help-man | sed -n '/^\.SH "SYNOPSIS"/,$p'
  printf '.SH "SEE ALSO"\nhttps://github.com/aiosai/aipass-exporter/tree/main/docs\n'
}

# Of the machine that builds: what the programs say of themselves.
describe() { # DIR
  mkdir -p "$1/man" "$1/completions"
  man aipass-exporter 'Prometheus metrics of an AIPass host' >"$1/man/aipass-exporter.1"
  man aipass-actions 'looks after an AIPass host' >"$1/man/aipass-actions.1"
  for program in "${programs[@]}"; do
    "$work/host/$program" --completion-script-bash >"$1/completions/$program.bash"
    # kingpin's only defines the function, so that the first TAB would complete nothing.
    {
      "$work/host/$program" --completion-script-zsh
      echo "[[ \$funcstack[1] != _$program ]] || _$program \"\$@\""
    } >"$1/completions/_$program"
  done
}

# What there is to copy, without its tests.
shipped() { git ls-files README.md CHANGELOG.md CONTRIBUTING.md LICENSE docs deploy grafana tools/grafana/dashboard.schema.json | grep -Ev '\.go$|/testdata/|^deploy/prometheus/tests/|^deploy/package/'; }

same_time() { find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

archive() { # NAME: the folder of that name in work
  same_time "$work/$1"
  tar --create --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX --directory="$work" "$1" |
    gzip --no-name --best >"$dist/$1.tar.gz"
}

# What a package installs, from what an archive holds.
root() { # ARCHIVE ROOT
  local share=$2/usr/share/aipass-exporter doc=$2/usr/share/doc/aipass-exporter
  install -D -m 755 -t "$2/usr/bin" "${programs[@]/#/$1/}"
  install -D -m 644 -t "$2/usr/lib/systemd/system" "$1"/deploy/systemd/*
  install -D -m 644 -t "$doc" "$1"/{README,CHANGELOG,CONTRIBUTING}.md
  install -D -m 644 "$1/LICENSE" "$doc/copyright"
  cp -r "$1"/{docs,tools} "$doc/"
  mkdir -p "$share"
  cp -r "$1"/{deploy,grafana} "$share/"
  sed -i 's|/usr/local/bin/|/usr/bin/|' "$2"/usr/lib/systemd/system/*.service "$share"/deploy/cron/*
  # What links of the pages lead to. The units are where systemd finds them, and
  # there only.
  ln -s -t "$doc" ../../aipass-exporter/{deploy,grafana}
  ln -s -f -t "$share/deploy/systemd" $(cd "$1/deploy/systemd" && printf '../../../../lib/systemd/system/%s ' *)
  for program in "${programs[@]}"; do
    install -D -m 644 -t "$2/usr/share/man/man1" "$1/man/$program.1"
    gzip --no-name --best "$2/usr/share/man/man1/$program.1"
    install -D -m 644 "$1/completions/$program.bash" "$2/usr/share/bash-completion/completions/$program"
    install -D -m 644 -t "$2/zsh" "$1/completions/_$program"
  done
  install -D -m 644 deploy/package/default "$2/etc/default/aipass"
  same_time "$2"
}

packages() { # ARCH FOLDER
  mkdir "$work/package-$1"
  root "$work/$2" "$work/package-$1/root"
  cp -r deploy "$work/package-$1/"
  for format in deb rpm; do
    (cd "$work/package-$1" && ARCH=$1 PACKAGE_VERSION=$version "$work/tools/nfpm" package --config deploy/package/nfpm.yaml --packager $format --target "$dist" >/dev/null)
  done
}

bill() { # FOLDER PLATFORM
  for program in "${programs[@]}"; do
    "$work/tools/cyclonedx-gomod" bin -json -noserial -notimestamp -std -version "$version" \
      -output "$dist/${program}_${version}_${2/\//_}.cdx.json" "$work/$1/$program" 2>/dev/null
  done
}

for tool in nfpm cyclonedx-gomod; do
  GOBIN=$work/tools "$go" -C tools/$tool install -trimpath -buildvcs=false tool
done
build "$("$go" env GOHOSTOS)/$("$go" env GOHOSTARCH)" "$work/host"
describe "$work/described"
for platform in $platforms; do
  name=aipass-exporter_${version}_${platform/\//_}
  mkdir "$work/$name"
  build "$platform" "$work/$name"
  shipped | xargs cp --parents -t "$work/$name"
  cp -r "$work"/described/* "$work/$name/"
  archive "$name"
  bill "$name" "$platform"
  case $platform in
    linux/*) packages "${platform#*/}" "$name" ;;
  esac
done
(cd "$dist" && sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
echo "$dist:"
(cd "$dist" && ls)
