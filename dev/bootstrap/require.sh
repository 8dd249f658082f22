#!/bin/sh
# Names what this machine lacks, one line each, before anything is installed. Silent when all is there.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

missing=0
lack() {
  echo "setup: $*" >&2
  missing=1
}

found=$(node --version 2>/dev/null || echo none)
if [ "$found" = none ] || ! command -v npm >/dev/null 2>&1; then
  lack "Node.js with npm is needed, version 18 or newer, and was not found (version $NODE_NEEDED or newer is used as it is; for an older one, $NODE_BROUGHT is installed into .tools)"
elif ! at_least "$(version_in "$found")" 18.0; then
  lack "Node.js 18 or newer is needed, found ${found#v} at $(command -v node)"
fi

if ! python=$(find_python); then
  lack "Python $PYTHON_NEEDED or newer is needed, found $(python3 --version 2>/dev/null || echo none)"
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  lack "Python's venv module is needed and was not found for $(command -v "$python") (on Debian and Ubuntu: apt-get install python3-venv)"
fi

if ! brings_cluster; then
  found=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || echo none)
  at_least "$(version_in "$found")" "$GO_NEEDED" ||
    lack "Go $GO_NEEDED or newer is needed, found ${found#go} (it builds the Kubernetes API server once; or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd)"
fi

command -v git >/dev/null 2>&1 || lack "git is needed and was not found"

exit "$missing"
