#!/usr/bin/env bash
# Checks the chart with Helm's own library and Kubernetes' schemas, and the compose file with compose,
# as far as this machine has them. What it downloads for that goes into a throwaway folder, by the pip
# of the environment that `make lint` makes: a system's own may be wrapped by a version manager.
set -euo pipefail
cd "$(dirname "$0")"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=../.venv/bin/python
"$python" -m venv --without-pip "$folder/env"
"$python" -m pip --quiet --disable-pip-version-check --python "$folder/env/bin/python" \
    install 'helm-python-sdk==0.2.2' 'kubernetes-validate==1.37.0' 'pyyaml>=6,<7'
"$folder/env/bin/python" check_chart.py helm/verifier "$folder/keda.json"
if command -v npm >/dev/null; then
    npm install --silent --no-audit --no-fund --prefix "$folder" @kubernetes-models/keda@0.4.2
    checks=$PWD
    (cd "$folder" && node "$checks/check_keda.js" keda.json)
else
    echo "KEDA's manifests: not checked, no npm here"
fi

export REDIS_PASSWORD=x VERIFIER_API_KEYS=x
if docker compose version >/dev/null 2>&1; then
    docker compose config --quiet && echo "compose.yaml: docker compose accepts it"
elif command -v docker-compose >/dev/null; then
    docker-compose config --quiet && echo "compose.yaml: docker-compose 1 accepts it"
else
    echo "compose.yaml: not checked, no docker compose here"
fi
if command -v systemd-analyze >/dev/null; then
    # That the service is not installed here is no fault of the units.
    faults=$(systemd-analyze verify systemd/*.service 2>&1 | grep -v 'is not executable' || true)
    [ -z "$faults" ] && echo "systemd units: systemd-analyze accepts them"
    [ -z "$faults" ] || { echo "$faults"; exit 1; }
else
    echo "systemd units: not checked, no systemd-analyze here"
fi
