"""What `make dist` builds can be installed by itself, and works there."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
SMOKE = """
import verifier_client, verifier_client.trl, verifier_client.verl, verifier_client.slime
try:
    verifier_client.Client("nowhere")
except verifier_client.Unusable as refusal:
    assert "is no address of a service" in str(refusal)
"""
BROUGHT_ALONG = {"anyio", "h11", "httpcore2", "httpx2", "idna", "truststore", "typing_extensions"}
ALWAYS_THERE = {"pip", "setuptools"}


@pytest.mark.slow
def test_the_client_is_alone_in_an_empty_environment(
    tmp_path: Path, not_here: Callable[[str], NoReturn]
) -> None:
    source = tmp_path / "client"  # a build leaves traces where it works
    shutil.copytree(ROOT / "client", source, ignore=shutil.ignore_patterns("__pycache__"))
    uv = str(Path(sys.executable).with_name("uv"))
    build = [uv, "build", "--quiet", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*build, "--out-dir", tmp_path / "dist", source], check=True)
    archives = {path.name for path in (tmp_path / "dist").iterdir() if "grpo" in path.name}
    assert {name.rpartition("-0.")[0] for name in archives} == {"grpo_verifier_client"}
    assert {Path(name).suffix for name in archives} == {".whl", ".gz"}

    subprocess.run([sys.executable, "-m", "venv", tmp_path / "empty"], check=True)
    python = str(tmp_path / "empty/bin/python")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    install = [python, "-m", "pip", "install", "--quiet", "--timeout", "15", str(wheel)]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        not_here(f"nothing can be installed here: {done.stderr.strip()[-300:]}")
    listed = [python, "-m", "pip", "list", "--format", "json"]
    found = json.loads(subprocess.run(listed, check=True, capture_output=True, text=True).stdout)
    names = {package["name"] for package in found} - ALWAYS_THERE
    assert names == {"grpo-verifier-client", *BROUGHT_ALONG}
    subprocess.run([python, "-c", SMOKE], check=True, cwd=tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        described = archive.read(metadata).decode()
    for line in ("License-Expression: MIT", "License-File: LICENSE", "# The trainer's side"):
        assert line in described
