#!/bin/sh
# Creates the environment FOLDER, installs LOCK into it and the project itself on top, editable.
# Usage: deploy/make-env.sh FOLDER LOCK. Needs a Python 3.11 or newer and nothing else of the system.
# What is in the way is told in one sentence, and the call after that one starts from what is sound.
set -eu

folder=$1
lock=$2
unfinished=$folder/.unfinished
at_least_311='import sys; sys.exit(sys.version_info < (3, 11))'

stop() {
    echo "$*" >&2
    exit 1
}

# What to do about a command that failed, by what it said.
explain() {
    last=$(printf '%s\n' "$1" | grep . | tail -n 1)
    case $1 in
        *"No space left"* | *"quota exceeded"*)
            stop "The disk is full: make room for about a gigabyte where $folder and" \
                "${TMPDIR:-/tmp} are (TMPDIR=/another/folder names another), then make again." ;;
        *"DO NOT MATCH THE HASHES"*)
            stop "The package index hands out other files than $lock names, as a proxy that changes" \
                "them would: name one that does not, PIP_INDEX_URL=https://... make ..." ;;
        *"No matching distribution"* | *[Cc]"onnection"* | *"timed out"* | *[Pp]roxy* | *SSL*)
            stop "The package index cannot be reached or lacks a package ($last): check the network" \
                "and HTTPS_PROXY, or name another index, PIP_INDEX_URL=https://... make ..." ;;
        *)
            stop "The environment $folder could not be made ($last): mend that, or remove the folder" \
                "where it is broken, then make again." ;;
    esac
}

find_python() {
    for name in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c "$at_least_311" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed and none was found: install one (Debian 12: apt install" \
        "python3) or name it, make PYTHON=/path/to/python3.12 ..."
}

create() {
    python=$(find_python)
    "$python" -c 'import venv' 2>/dev/null ||
        stop "$python has no module venv: install it (Debian: apt install python3-venv) or name" \
            "another Python, make PYTHON=/path/to/python3.12 ..."
    # Debian's python3 lacks ensurepip until python3-venv is installed.
    "$python" -m venv --clear "$folder" >/dev/null 2>&1 ||
        said=$("$python" -m venv --clear --without-pip "$folder" 2>&1) ||
        { rm -rf "$folder"; explain "$said"; }
}

pip() {
    said=$("$folder/bin/python" -m pip --disable-pip-version-check --no-input -qq "$@" 2>&1) || {
        rm -f "$unfinished" # pip has taken back what it had begun
        explain "$said"
    }
}

if [ -e "$unfinished" ] || ! "$folder/bin/python" -c "$at_least_311" 2>/dev/null; then
    create
fi
"$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$folder/bin/python" deploy/bootstrap_pip.py

echo "Installing $(grep -c '^[a-z].*==' "$lock") packages from $lock into $folder (once, about a minute)"
said=$(touch "$unfinished" 2>&1) || explain "$said"
pip install --require-hashes --only-binary :all: -r "$lock"
# The lock brings the build tool, so that nothing unpinned is downloaded here.
pip install --no-deps --no-build-isolation -e . -e client
rm "$unfinished"
