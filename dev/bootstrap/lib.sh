# Shared by the scripts beside it; sourced, with the repository as the working directory.

NODE_NEEDED=22.19    # client-node 2.x, through undici 8
NODE_BROUGHT=24.21.0 # what is installed when the system's is older
PYTHON_NEEDED=3.11
GO_NEEDED=1.26

# at_least FOUND NEEDED: true when the version FOUND (major.minor…) is NEEDED or newer.
at_least() {
  found_major=${1%%.*} found_rest=${1#*.} needed_major=${2%%.*} needed_minor=${2#*.}
  [ "$found_major" -gt "$needed_major" ] ||
    { [ "$found_major" -eq "$needed_major" ] && [ "${found_rest%%.*}" -ge "$needed_minor" ]; }
}

# version_in TEXT: the first thing in it that looks like a version; 0.0 when there is none.
version_in() {
  version=$(printf '%s\n' "$1" | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9.]*\).*/\1/p' | sed -n 1p)
  echo "${version:-0.0}"
}

# digest FILE…: a short name for their contents.
digest() { cat "$@" | cksum | tr ' ' -; }

# is_current STAMP INPUT…: true when the step that wrote STAMP saw these very inputs.
is_current() {
  stamp=$1
  shift
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest "$@")" ]
}

say() { echo "setup: $*"; }

# quietly LOG COMMAND…: its output goes to LOG, and is shown only when it fails.
quietly() {
  log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    {
      say "this failed: $*"
      sed 's/^/  /' "$log" | tail -n 30
      say "its whole output is in $log"
    } >&2
    return 1
  fi
}

# install_npm_package DIR NAME VERSION: a package on its own, whose install script may run: it fetches or links binaries.
# Two at once do no harm: each installs into a folder of its own, and the last takes the name.
install_npm_package() {
  part=$1.part.$$
  trap 'rm -rf "$part"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  rm -rf "$part"
  mkdir -p "$part"
  echo "{ \"private\": true, \"dependencies\": { \"$2\": \"$3\" }, \"allowScripts\": { \"$2\": true } }" >"$part/package.json"
  quietly ".cache/setup/$(basename "$1").log" \
    npm install --prefix "$part" --no-package-lock --no-audit --no-fund --no-update-notifier
  rm -rf "$1"
  mv "$part" "$1"
}

# own_node: puts the Node of .tools before the system's, when there is one.
own_node() {
  if [ -x .tools/node/node_modules/.bin/node ]; then
    PATH=$PWD/.tools/node/node_modules/.bin:$PATH
    export PATH
  fi
}

# brings_cluster: true when the caller's own cluster or binaries are to be used, so that none needs to be built.
brings_cluster() { [ -n "${KUBEBUILDER_ASSETS:-}" ] || [ "${MULTI_ENI_USE_KUBECONFIG:-}" = 1 ]; }

# find_python: the first Python that is new enough; fails when there is none.
find_python() {
  for python in .venv/bin/python python3 python python3.14 python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null 2>&1 && at_least "$(version_in "$("$python" --version 2>&1)")" "$PYTHON_NEEDED"; then
      echo "$python"
      return
    fi
  done
  return 1
}
