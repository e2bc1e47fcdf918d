"""The files that fix what gets installed agree with one another."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CANDIDATES_MAY_IMPORT = {"numpy", "sortedcontainers"}


def locked(path: str) -> dict[str, str]:
    """Package -> version of a lock file."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pins)


def test_both_jails_offer_the_same_versions_of_the_same_packages() -> None:
    in_the_image = locked("sandbox/image/requirements.lock")
    beside_the_service = locked("requirements.lock")
    assert set(in_the_image) == CANDIDATES_MAY_IMPORT
    assert in_the_image.items() <= beside_the_service.items()


def test_tests_run_on_what_is_served() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_every_dependency_has_a_bound_on_both_sides() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for dependency in project["dependencies"]:
        assert re.search(r"==|>=.*,<", dependency), dependency
