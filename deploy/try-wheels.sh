#!/usr/bin/env bash
# Tries the wheels that `make dist` has built, each in an empty environment and away from this checkout:
# the service with what requirements.lock has, the client with what it asks for. A client of the one then
# has mathematics and a program judged by the service of the other. Takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'kill "${service:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
wheels=$(ls "$PWD"/dist/grpo_verifier-*.whl "$PWD"/dist/grpo_verifier_client-*.whl)
lock=$PWD/requirements.lock

# environment NAME: makes an empty one.
environment() {
    python3 -m venv "$folder/$1" 2>/dev/null || python3 -m venv --without-pip "$folder/$1"
}
# install NAME WHAT...: into it.
install() {
    local name=$1
    shift
    python3 -m pip --quiet --disable-pip-version-check --python "$folder/$name/bin/python" install "$@"
}

environment service
install service --require-hashes --only-binary :all: --requirement "$lock"
# shellcheck disable=SC2086 # two of them
install service --no-deps $wheels
environment client
install client "$(echo "$wheels" | grep client)"

cd "$folder"
service/bin/verifier --version
client/bin/python -c "import sys, verifier_client; assert not {'fastapi', 'redis', 'sympy'} & set(sys.modules)"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
service/bin/verifier serve --port "$port" --workers 1 2>log &
service=$!
client/bin/python - "http://127.0.0.1:$port" <<'EOF' || { cat log >&2; exit 1; }
import sys
from verifier_client import Client

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
print("the wheels serve, and are served")
EOF
