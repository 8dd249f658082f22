#!/bin/sh
# bring.sh: prints the path of helm, in the version that go.mod names. It is built once, into the user's cache; other
# output goes to standard error. Two at once do no harm: each writes a file of its own, and the last takes the name.
set -eu
cd "$(dirname "$0")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/aws-multi-eni-controller
dir=$cache/helm-$(cat go.mod go.sum bring.sh | cksum | tr ' ' -)
if [ ! -x "$dir/helm" ]; then
  echo 'setup: helm is built once, into your cache; half a minute where the Kubernetes API server was built, else three …' >&2
  mkdir -p "$dir"
  # 44 MB each: those of sources that nobody has built for two months go.
  find "$cache" -maxdepth 1 -name 'helm-*' -mtime +60 -exec rm -rf {} +
  part=$dir/helm.part.$$
  trap 'rm -f "$part"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # The flags of dev/control-plane/build.sh, and its versions in go.mod: so most packages are in Go's cache already.
  CGO_ENABLED=0 GOWORK=off go build -trimpath -gcflags=all=-dwarf=false -buildvcs=false -ldflags '-s -w' \
    -o "$part" helm.sh/helm/v4/cmd/helm
  mv -f "$part" "$dir/helm"
fi
echo "$dir/helm"
