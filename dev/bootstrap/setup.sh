#!/bin/sh
# Brings whatever the other targets need. What is there already is left alone; from nothing it takes some minutes.
set -eu
cd "$(dirname "$0")/../.."

sh dev/bootstrap/require.sh

# The shell makes background jobs deaf to Ctrl-C.
trap 'trap - INT; kill 0' INT
(sh dev/bootstrap/node.sh && sh dev/bootstrap/npm.sh) &
node=$!
sh dev/bootstrap/python.sh &
python=$!
sh dev/bootstrap/control-plane.sh &
control_plane=$!

failed=0
for job in "$node" "$python" "$control_plane"; do
  wait "$job" || failed=1
done
exit "$failed"
