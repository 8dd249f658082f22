#!/bin/sh
# Builds the Kubernetes API server with its etcd, once for all clones with the same sources, into the user's cache.
# Two clones may build at once: each writes a file of its own, and the last to be ready takes the name.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

brings_cluster && exit 0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/aws-multi-eni-controller
dir=$cache/control-plane-$(sh dev/control-plane/key.sh)
[ -x "$dir/kube-control-plane" ] && exit 0
say "the Kubernetes API server is built once, into $dir; some five minutes on two cores …"
mkdir -p "$dir"
# 120 MB each: those of sources that nobody has built for two months go.
find "$cache" -maxdepth 1 -name 'control-plane-*' -mtime +60 -exec rm -rf {} +
sh dev/control-plane/build.sh "$dir/kube-control-plane"
