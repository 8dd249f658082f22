#!/bin/sh
# key.sh: prints a short hash of all that the binary is made from, as a name for it in a cache.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C

if command -v sha256sum >/dev/null; then
  sum=sha256sum
else
  sum='shasum -a 256' # macOS
fi
for file in go.mod go.sum build.sh *.go; do
  case $file in *_test.go) continue ;; esac
  printf '%s\n' "$file"
  cat "$file"
done | $sum | cut -c 1-16
