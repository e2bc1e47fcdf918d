#!/usr/bin/env bash
# Tries the wheels that `make dist` has built, each in an empty environment and away from this checkout:
# the service with what requirements.lock has, the client with what it asks for, and that once more for each
# interpreter that is named: deploy/try-wheels.sh [PYTHON...]. Each client then has mathematics and a program
# judged by that service. Takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'kill "${service:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
wheels=$(ls "$PWD"/dist/grpo_verifier-*.whl "$PWD"/dist/grpo_verifier_client-*.whl)
lock=$PWD/requirements.lock
pip_python=$PWD/.venv/bin/python

# environment NAME [PYTHON]: makes an empty one.
environment() {
    "${2:-python3}" -m venv --without-pip "$folder/$1"
}
# to NAME WHAT...: into that environment by the project's own pip, which no version manager wraps.
to() {
    local name=$1
    shift
    "$pip_python" -m pip --disable-pip-version-check --python "$folder/$name/bin/python" "$@"
}

environment service
to service install --quiet --require-hashes --only-binary :all: --requirement "$lock"
# shellcheck disable=SC2086 # two of them
to service install --quiet --no-deps $wheels
clients=()
for python in python3 "$@"; do
    name=client-${#clients[@]}
    clients+=("$name")
    environment "$name" "$python"
    to "$name" install --quiet "$(echo "$wheels" | grep client)"
done

cd "$folder"
service/bin/verifier --version
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
service/bin/verifier serve --port "$port" --workers 1 2>log &
service=$!
cat >ask.py <<'EOF'
import sys

from verifier_client import Client

assert not {"fastapi", "redis", "sympy"} & set(sys.modules)
program = "```python\nprint(int(input()) + 1)\n```"
truth = {"kind": "stdin", "cases": [{"input": "1\n", "output": "2\n"}]}
rollouts = [
    {"completion": "So \\boxed{1/2}.", "ground_truth": "0.5"},
    {"completion": "So \\boxed{1/3}.", "ground_truth": "0.5"},
    {"completion": program, "ground_truth": truth},
    {"completion": program.replace("1", "2"), "ground_truth": truth},
]
with Client(sys.argv[1]) as client:
    rewards = client.score(rollouts).rewards
assert list(rewards) == [1.0, 0.0, 1.0, 0.0], rewards
print(f"the wheels serve, and are served: Python {sys.version.split()[0]}")
EOF
for name in "${clients[@]}"; do
    "$name/bin/python" ask.py "http://127.0.0.1:$port" || { cat log >&2; exit 1; }
    to "$name" list
done
