#!/bin/sh
# bring.sh: prints the folder with temporal-server, temporal-sql-tool and the schema of their databases, in the version
# that go.mod names, which is the images' of docker-compose.yml. They are built once, into the user's cache; other output
# goes to standard error. Two at once do no harm: each builds in a folder of its own, and the first takes the name.
set -eu
cd "$(dirname "$0")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/aws-multi-eni-controller
dir=$cache/temporal-server-$(cat go.mod go.sum bring.sh | cksum | tr ' ' -)
if [ ! -d "$dir" ]; then
  server=go.temporal.io/server
  part=$dir.part.$$
  terminal=; [ -t 2 ] && terminal=yes
  started=$(date +%s)
  show() { # show TEXT: over the line before on a terminal, else on a line of its own
    line="setup: Temporal's server is built once, into your cache; some five minutes on two cores: $1, $(($(date +%s) - started)) s"
    if [ "$terminal" ]; then printf '\r%s\033[K' "$line" >&2; else echo "$line" >&2; fi
  }
  show 'looking for modules'
  mkdir -p "$part"
  trap 'rm -rf "$part"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # 150 MB each: those of versions that nobody has built for two months go.
  find "$cache" -maxdepth 1 -name 'temporal-server-*' ! -name '*.part.*' -mtime +60 -exec rm -rf {} +

  # The flags of dev/control-plane/build.sh, so that what both compile is compiled once. A line for each package.
  CGO_ENABLED=0 GOWORK=off go build -trimpath -gcflags=all=-dwarf=false -buildvcs=false -ldflags '-s -w' -v \
    -o "$part/" "$server/cmd/server" "$server/cmd/tools/sql" 2>&1 |
    {
      modules=0 packages=0
      while IFS= read -r line; do
        case $line in
          'go: downloading '*)
            modules=$((modules + 1))
            [ $((modules % 25)) -ne 0 ] || show "$modules modules downloaded"
            ;;
          *' '*) printf '%s\n' "$line" >&2 ;; # no progress, such as a compiler's error
          *)
            packages=$((packages + 1))
            [ $((packages % 100)) -ne 0 ] || show "$packages packages compiled"
            ;;
        esac
      done
    }
  if [ ! -x "$part/server" ] || [ ! -x "$part/sql" ]; then
    echo 'bring.sh: the Temporal server could not be built, see above; Go 1.26 or newer is needed' >&2
    exit 1
  fi
  mv "$part/server" "$part/temporal-server"
  mv "$part/sql" "$part/temporal-sql-tool"
  cp -R "$(GOWORK=off go list -m -f '{{.Dir}}' "$server")/schema/postgresql/v12" "$part/schema"
  chmod -R u+w "$part/schema" # Go's cache of modules is read-only
  [ -d "$dir" ] || mv "$part" "$dir"
  show 'done'
  [ -z "$terminal" ] || echo >&2
fi
echo "$dir"
