#!/bin/sh
# build.sh OUT: builds the binary into OUT, with progress on stderr.
# Minutes the first time, seconds once Go's build cache is filled.
set -eu

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: build.sh OUT"
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$(dirname "$0")"

needed=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' go.mod)
command -v go >/dev/null || fail "Go $needed or newer is needed, and there is no go in PATH"
# Outside of the module and "local": the version that is installed, not one that go would download.
found=$(cd / && GOTOOLCHAIN=local go version | sed -n 's/.*go\([0-9][0-9]*\.[0-9][0-9.]*\).*/\1/p')
newer() { # newer FOUND NEEDED
  [ "${1%%.*}" -gt "${2%%.*}" ] && return 0
  minor=${1#*.}
  [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${minor%%.*}" -ge "${2#*.}" ]
}
newer "${found:-0.0}" "$needed" || fail "Go $needed or newer is needed, found ${found:-an unknown version} ($(command -v go))"

kubernetes=$(sed -n 's/^\tk8s.io\/kubernetes \(v[^ ]*\)$/\1/p' go.mod)
minor=$(echo "$kubernetes" | cut -d. -f2)
version=k8s.io/component-base/version
ldflags="-s -w -X $version.gitVersion=$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=$minor"

# Always the same flags, or the build cache does not serve. They are given
# beside GOFLAGS, which may hold what the network here needs.
export CGO_ENABLED=0 GOWORK=off
flags='-trimpath -gcflags=all=-dwarf=false'

terminal=; [ -t 2 ] && terminal=yes
started=$(date +%s)
show() { # show TEXT: over the line before on a terminal, else on a line of its own
  line="control plane: $1, $(($(date +%s) - started)) s"
  if [ "$terminal" ]; then printf '\r%s\033[K' "$line" >&2; else echo "$line" >&2; fi
}
pass_on() { # pass_on LINE: what is no progress, such as a compiler's error
  [ "$terminal" ] && printf '\r\033[K' >&2
  printf '%s\n' "$1" >&2
}

# Packages that the cache does not hold yet. Downloads happen here.
part=$out.part.$$
trap 'rm -f "$part" "$part.todo"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
show "looking for modules"
# shellcheck disable=SC2086 # flags are several words
{ go list $flags -deps -f '{{if and .Stale (ne .Name "main")}}{{.ImportPath}}{{end}}' . 2>&1 >"$part.todo" || echo failed >"$part.todo"; } |
  {
    modules=0
    while IFS= read -r line; do
      case $line in
        'go: downloading '*)
          modules=$((modules + 1))
          if [ "$terminal" ] || [ $((modules % 25)) -eq 0 ]; then show "$modules modules downloaded"; fi
          ;;
        *) pass_on "$line" ;;
      esac
    done
  }
[ "$(cat "$part.todo")" != failed ] || fail "cannot get the modules, see above"
total=$(grep -c . "$part.todo" || true)

# go build -v prints a package's name when it begins with it.
# shellcheck disable=SC2086
go build $flags -buildvcs=false -ldflags "$ldflags" -v -o "$part" . 2>&1 |
  {
    done=0
    shown=-1
    while IFS= read -r line; do
      case $line in
        *' '*) pass_on "$line"; continue ;;
        kube-control-plane) show linking; continue ;;
      esac
      done=$((done + 1))
      [ "$total" -ge "$done" ] || total=$done
      if [ "$terminal" ]; then step=$((100 * done / total)); else step=$((10 * done / total)); fi
      if [ "$step" -ne "$shown" ]; then show "$done of $total packages compiled"; fi
      shown=$step
    done
  }
[ -f "$part" ] || fail "go build failed, see above"
mv -f "$part" "$out"
show "built, Kubernetes $kubernetes"
[ -z "$terminal" ] || echo >&2
