#!/bin/sh
# Brings Node.js from the npm registry when the system's is too old.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

at_least "$(version_in "$(node --version)")" "$NODE_NEEDED" && exit 0
own_node
[ "$(node --version)" = "v$NODE_BROUGHT" ] && exit 0

say "Node.js $NODE_BROUGHT goes into .tools/node (the system's is $(node --version), $NODE_NEEDED is needed)"
# The package's install script fetches the binary for this machine.
install_npm_package .tools/node node "$NODE_BROUGHT"
