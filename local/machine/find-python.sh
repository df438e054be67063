#!/bin/sh
# Prints the path of the best Python to make the virtual environment with, or says in one line
# what to install and exits with 1. Needs nothing but a POSIX shell: it runs before all else.
#
# 3.13 is preferred (the version of the Lambda functions), then 3.12, then newer ones. Each
# candidate is run, because a pyenv shim exists even where its version is not chosen and then
# fails. Places: PATH, pyenv's versions, uv (which may download one).

set -u

# Prints "<rank> <path>", lower is better; nothing for what does not run, is too old or lacks venv.
rank() {
    "$1" - 2>/dev/null <<'PYTHON'
import sys
import ensurepip, venv  # Debian splits these off
minor = sys.version_info[1]
if sys.version_info[:2] >= (3, 12):
    print({13: 0, 12: 1}.get(minor, minor), sys.executable)
PYTHON
}

candidates() {
    for name in python3.13 python3.12 python3 python3.14 python; do
        command -v "$name"
    done
    for path in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/*/bin/python3; do
        echo "$path"
    done
}

best_present() {
    candidates | while IFS= read -r path; do
        [ -x "$path" ] && rank "$path"
    done | sort -n -s -k 1,1 | head -n 1 | cut -d ' ' -f 2-
}

best_by_uv() {
    command -v uv >/dev/null || return 0
    uv python find '>=3.12' 2>/dev/null && return 0
    uv python install --quiet 3.13 >&2 && uv python find 3.13
}

python=$(best_present)
[ -n "$python" ] || python=$(best_by_uv)
if [ -z "$python" ]; then
    echo "No Python 3.12 or newer found: install Python 3.13 (python.org, or 'pip install uv')" >&2
    exit 1
fi
echo "$python"
