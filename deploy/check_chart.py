"""Lints and renders the chart with several sets of values, and holds what comes out to its schemas.

Run by check.sh, in an environment that has Helm's own library, kubernetes-validate and PyYAML.
"""

import json
import sys
import warnings
from pathlib import Path

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
    Path(keda_path).write_text(json.dumps(of_keda), encoding="utf-8")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return bool(faults)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(*sys.argv[1:]))
