#!/bin/sh
# Makes .venv and installs exactly what a requirements file pins. Can be repeated: what fits, stays.
# usage: make-venv.sh REQUIREMENTS
set -eu
here=$(dirname "$0")
cd "$here/../.."

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
  python=$(sh "$here/find-python.sh")
  echo "setup: making .venv with $("$python" --version)" >&2
  rm -rf .venv
  "$python" -m venv .venv || {
    echo "setup: $python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2
    exit 1
  }
fi
if ! .venv/bin/uv --version >/dev/null 2>&1; then
  echo "setup: installing uv" >&2
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement requirements/uv.txt
fi
echo "setup: installing the Python packages of $1" >&2
.venv/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python "$1"
