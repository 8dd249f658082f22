#!/bin/sh
# build-image.sh NAME [OPTION…]: builds the image NAME:<version in package.json> with labels and times that come from the
# commit alone, so that whoever builds it again gets the same. Options go to `docker buildx build`, such as --push.
# SOURCE is the address of the repository, for its label; the default is that of the remote `origin`, where there is one.
set -eu
cd "$(dirname "$0")/../.."

name=${1:?"usage: build-image.sh NAME [OPTION…]"}
shift
if [ -n "$(git status --porcelain)" ]; then
  echo 'build-image.sh: the work tree differs from the commit, whose name the image would bear: commit or stash it first' >&2
  exit 1
fi
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
source=${SOURCE:-$(git remote get-url origin 2>/dev/null || echo unknown)}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
exec docker buildx build \
  --build-arg "VERSION=$version" \
  --build-arg "REVISION=$(git rev-parse HEAD)" \
  --build-arg "CREATED=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)" \
  --build-arg "SOURCE=$source" \
  --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" \
  --provenance=true --sbom=true \
  --tag "$name:$version" "$@" .
