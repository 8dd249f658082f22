#!/bin/sh
# Brings whatever the other targets need. What is there already is left alone; from nothing it takes some minutes.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

sh dev/bootstrap/require.sh

# Two of us in one clone would install into the same folders. A lock of somebody who has died does not count.
lock=.cache/setup/lock
mkdir -p .cache/setup
until mkdir "$lock" 2>/dev/null; do
  if ! kill -0 "$(cat "$lock/pid" 2>/dev/null || echo $$)" 2>/dev/null; then
    rm -rf "$lock"
    continue
  fi
  [ "${waiting:-}" ] || say "another make installs here, waiting for it …"
  waiting=yes
  sleep 1
done
echo $$ >"$lock/pid"
trap 'rm -rf "$lock"' EXIT
# The shell makes background jobs deaf to Ctrl-C.
trap 'trap - INT; rm -rf "$lock"; kill 0' INT

(sh dev/bootstrap/node.sh && sh dev/bootstrap/npm.sh) &
node=$!
sh dev/bootstrap/python.sh &
python=$!
# Helm afterwards: most of its packages are compiled then.
(sh dev/bootstrap/control-plane.sh && { brings_cluster || sh dev/helm/bring.sh >/dev/null; }) &
control_plane=$!

failed=0
for job in "$node" "$python" "$control_plane"; do
  wait "$job" || failed=1
done
exit "$failed"
