#!/bin/sh
# node-version.sh VERSION: prints the path of that Node.js, which goes into .tools where it is not there; other output
# goes to standard error. test/production runs the controller on the oldest and the newest version that it supports.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

version=$1
dir=.tools/node
if [ ! -x "$dir/node_modules/.bin/node" ] || [ "$("$dir/node_modules/.bin/node" --version)" != "v$version" ]; then
  dir=.tools/node-$version
fi
if [ ! -d "$dir" ]; then
  say "Node.js $version goes into .tools, for the tests" >&2
  install_npm_package "$dir" node "$version" >&2
fi
echo "$PWD/$dir/node_modules/.bin/node"
