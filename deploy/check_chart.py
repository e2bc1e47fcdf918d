"""Lints and renders the chart with several sets of values, and holds what comes out to its schemas.

Run by check.sh, in an environment that has Helm's own library, kubernetes-validate and PyYAML.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from helm_python.chart import Chart, lint

KUBERNETES = "1.33"
KNOWN = {"auth": {"apiKeys": "key", "redisPassword": "p@ss/word"}}
VALUES = {
    "as little as possible": KNOWN,
    "a secret and a Redis of one's own": {
        "auth": {"existingSecret": "mine"},
        "redis": {"enabled": False},
    },
    "no KEDA, no policies, no seccomp profile, gVisor": {
        **KNOWN,
        "keda": {"enabled": False},
        "networkPolicy": {"enabled": False},
        "worker": {"seccompProfile": "", "runtimeClassName": "gvisor"},
    },
    "monitoring, a Redis that is shared, settings of one's own": {
        **KNOWN,
        "monitoring": {"serviceMonitor": True, "labels": {"release": "prometheus"}},
        "redis": {"prefix": "team-a"},
        "extraEnv": [{"name": "VERIFIER_LOG_FORMAT", "value": "json"}],
    },
    "one deployment for both kinds, and one for evaluation": {
        **KNOWN,
        "workers": {
            "math": None,
            "code": None,
            "general": {"minReplicas": 1, "maxReplicas": 9},
            "evaluation": {"queue": "evaluation", "minReplicas": 1, "maxReplicas": 2},
        },
    },
}
REFUSED = {
    "a word nobody knows": {**KNOWN, "api": {"replica": 2}},
    "a number that is none": {**KNOWN, "api": {"replicas": "two"}},
    "a kind nobody judges": {**KNOWN, "workers": {"math": {"kinds": ["maths"]}}},
    "a prefix that is none": {**KNOWN, "redis": {"prefix": "verifier:*"}},
}
"""By the schema of values."""
PRIVILEGES = ("hostUsers", "Unconfined", "Unmasked", "Localhost", "--sandbox")
"""What only pods that run programs may have."""


def main(chart_path: str, keda_path: str) -> int:
    """The exit status. KEDA's manifests go to a file: its schemas are elsewhere."""
    faults = []
    of_keda = []
    for what, values in VALUES.items():
        report = lint(chart_path, values, strict=True)
        faults += [f"{what}: lint: {m['error']}" for m in report["messages"] if m["severity"] > 1]
        manifests = [
            manifest
            for text in Chart.load(chart_path).render(values, name="v", namespace="ns").values()
            for manifest in yaml.safe_load_all(text)
            if manifest
        ]
        checked = 0
        for manifest in manifests:
            text = yaml.safe_dump(manifest)
            if manifest["kind"] == "Deployment" and "--kinds=math\n" in text:
                faults += [f"{what}: a pod of math has {p}" for p in PRIVILEGES if p in text]
            if manifest["apiVersion"].startswith("monitoring.coreos.com/"):
                continue  # neither Kubernetes' own nor KEDA's
            if manifest["apiVersion"].startswith("keda.sh/"):
                of_keda.append(manifest)
                continue
            try:
                kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
                checked += 1
            except kubernetes_validate.ValidationError as error:
                faults.append(f"{what}: {manifest['kind']}: {error.message}")
        sys.stdout.write(
            f"{what}: {checked} of {len(manifests)} manifests fit Kubernetes {KUBERNETES}\n"
        )
    faults += [f"{what}: taken" for what, values in REFUSED.items() if is_taken(chart_path, values)]
    Path(keda_path).write_text(json.dumps(of_keda), encoding="utf-8")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return bool(faults)


def is_taken(chart_path: str, values: dict[str, Any]) -> bool:
    """Whether the schema has nothing against them."""
    return all(message["severity"] < 3 for message in lint(chart_path, values)["messages"])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(*sys.argv[1:]))
