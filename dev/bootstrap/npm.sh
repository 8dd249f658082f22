#!/bin/sh
# Installs the npm packages that package-lock.json names.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh
own_node

stamp=node_modules/.setup-stamp
is_current "$stamp" package-lock.json .npmrc && exit 0
say "npm packages …"
quietly .cache/setup/npm.log npm ci
digest package-lock.json .npmrc >"$stamp"
say "npm packages are installed"
