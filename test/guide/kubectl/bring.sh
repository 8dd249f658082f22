#!/bin/sh
# bring.sh: prints the path of kubectl: the machine's own from 1.30 on, else the version of go.mod, which is built once,
# into the user's cache; other output goes to standard error. GUIDE_KUBECTL=own builds it in any case.
set -eu
cd "$(dirname "$0")"

minor=$(kubectl version --client --output json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -n 1)
if [ "${GUIDE_KUBECTL:-}" != own ] && [ "${minor:-0}" -ge 30 ]; then
  command -v kubectl
  exit
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/aws-multi-eni-controller
dir=$cache/kubectl-$(cat go.mod go.sum main.go bring.sh | cksum | tr ' ' -)
if [ ! -x "$dir/kubectl" ]; then
  echo 'kubectl is built once, into your cache; a minute where helm was built …' >&2
  mkdir -p "$dir"
  part=$dir/kubectl.part.$$
  trap 'rm -f "$part"' EXIT
  # The flags of dev/control-plane/build.sh, and its versions in go.mod: so most packages are in Go's cache already.
  CGO_ENABLED=0 GOWORK=off go build -trimpath -gcflags=all=-dwarf=false -buildvcs=false -ldflags '-s -w' -o "$part" .
  mv -f "$part" "$dir/kubectl"
fi
echo "$dir/kubectl"
