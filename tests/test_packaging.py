"""The files that fix what gets installed agree with one another."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CANDIDATES_MAY_IMPORT = {"numpy", "requests", "sortedcontainers"}
WHAT_THESE_NEED = {"certifi", "charset-normalizer", "idna", "urllib3"}
CLIENT = "grpo-verifier-client"
"""Another distribution of this repository, by its name."""


def locked(path: str) -> dict[str, str]:
    """Package -> version of a lock file."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pins)


def test_both_jails_offer_the_same_versions_of_the_same_packages() -> None:
    in_the_image = locked("sandbox/image/requirements.lock")
    beside_the_service = locked("requirements.lock")
    assert set(in_the_image) == CANDIDATES_MAY_IMPORT | WHAT_THESE_NEED
    assert in_the_image.items() <= beside_the_service.items()


def test_tests_run_on_what_is_served() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_every_dependency_has_a_bound_on_both_sides() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for dependency in project["dependencies"]:
        assert re.search(r"==|>=.*,<", dependency), dependency


def test_every_dependency_is_imported_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sources = [p for f in ("api", "sandbox", "verifier") for p in (ROOT / f).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    imported = set(re.findall(r"^\s*(?:import|from) ([\w.]+)", text, re.MULTILINE))
    imported |= {name.partition(".")[0] for name in imported}
    wanted = {re.split(r"[\[=<>]", line)[0] for line in project["dependencies"]}
    assert CLIENT in wanted
    modules = {
        name.removeprefix("grpo-").removesuffix("-api").replace("-", "_").partition(".")[0]
        for name in wanted
    }
    assert modules - CANDIDATES_MAY_IMPORT <= imported, modules - imported


def test_the_service_and_the_client_that_it_shares_code_with_are_of_one_release() -> None:
    of_service, of_client = (
        tomllib.loads((ROOT / path).read_text(encoding="utf-8"))["project"]
        for path in ("pyproject.toml", "client/pyproject.toml")
    )
    assert (of_client["name"], of_client["version"]) == (CLIENT, of_service["version"])
    assert f"{CLIENT}=={of_service['version']}" in of_service["dependencies"]


def test_every_release_says_which_verdicts_it_changed() -> None:
    _, *releases = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert releases
    assert [text for text in releases if "\n### Verdicts\n" not in text] == []


def test_the_image_holds_both_distributions() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert "--no-build-isolation /src/client /src\n" in dockerfile
    assert "!client\n" in (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_the_shared_module_brings_neither_the_clients_nor_httpx_along() -> None:
    code = (
        "import sys, verifier_client.final_part\n"
        "assert not {'httpx2', 'verifier_client.client', 'asyncio'} & set(sys.modules)\n"
        "from verifier_client import AsyncClient, Client\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def wheel(tmp_path: Path, project: Path, folders: list[str]) -> set[str]:
    """The files of a project's wheel, built from a copy: a build leaves traces where it works."""
    copy = tmp_path / "source"
    for folder in folders:
        shutil.copytree(
            project / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (project / name).exists():
            shutil.copy(project / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", tmp_path, copy], check=True)
    (built,) = tmp_path.glob("*.whl")
    return {name for name in zipfile.ZipFile(built).namelist() if ".dist-info/" not in name}


def files(project: Path, folders: list[str]) -> set[str]:
    """What of these folders is neither made by Python nor by an editor."""
    return {
        str(path.relative_to(project))
        for folder in folders
        for path in (project / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }


def test_the_services_wheel_holds_all_that_the_service_needs_and_nothing_else(
    tmp_path: Path,
) -> None:
    folders = ["api", "sandbox", "verifier"]
    assert wheel(tmp_path, ROOT, folders) == files(ROOT, folders)


def test_the_clients_wheel_holds_the_client_alone(tmp_path: Path) -> None:
    project, folders = ROOT / "client", ["verifier_client"]
    assert wheel(tmp_path, project, folders) == files(project, folders)
