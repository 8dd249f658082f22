#!/bin/sh
# Makes .venv: the fake EC2 with its tests, and the Temporal development server.
set -eu
cd "$(dirname "$0")/../.."
. dev/bootstrap/lib.sh

stamp=.venv/.setup-stamp
set -- dev/ec2/requirements.txt dev/bootstrap/requirements.txt
is_current "$stamp" "$@" && exit 0
say "Python packages and Temporal …"
python=$(find_python)
[ "$python" = .venv/bin/python ] && python=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
rm -rf .venv
quietly .cache/setup/python.log "$python" -m venv .venv
quietly .cache/setup/python.log .venv/bin/python -m pip install --disable-pip-version-check \
  -r dev/ec2/requirements.txt -r dev/bootstrap/requirements.txt
digest "$@" >"$stamp"
say "Python packages and Temporal are installed"
