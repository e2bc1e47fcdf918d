#!/bin/sh
# Creates the environment FOLDER, installs LOCK into it and the project itself on top, editable.
# Usage: deploy/make-env.sh FOLDER LOCK. Needs a Python 3.11 or newer and nothing else of the system.
set -eu

folder=$1
lock=$2

find_python() {
    for name in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed and none was found. Install one (Debian: apt install" \
        "python3) or name it: make PYTHON=/path/to/python3.12 ..." >&2
    return 1
}

if ! "$folder/bin/python" -c '' 2>/dev/null; then
    python=$(find_python)
    # Debian's python3 lacks ensurepip until python3-venv is installed.
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$folder"
    else
        "$python" -m venv --without-pip "$folder"
    fi
fi
"$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$folder/bin/python" deploy/bootstrap_pip.py

echo "Installing $(grep -c '^[a-z].*==' "$lock") packages from $lock into $folder (once, about a minute)"
pip="$folder/bin/python -m pip --disable-pip-version-check --no-input -qq install"
$pip --require-hashes --only-binary :all: -r "$lock"
# The lock brings the build tool, so that nothing unpinned is downloaded here.
$pip --no-deps --no-build-isolation -e . -e client
