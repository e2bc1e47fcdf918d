"""What the documentation says is so: commands, settings, links, and the README's examples."""

import importlib.util
import json
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import typer
from typer.testing import CliRunner

import verifier_client
from api.app import create_app
from api.cli import app
from api.settings import Settings
from sandbox.languages import LANGUAGES
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.model import Outcome

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
VERIFIER = str(Path(sys.executable).with_name("verifier"))


def commands(command: Any, name: str = "verifier") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name."""
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}")
    if not hasattr(command, "commands"):
        yield name, command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith(f"| `{name}")]
    assert len(rows) == 1, f"README.md has no row for `{name}`"
    options = [part for part in COMMANDS[name].params if part.param_type_name == "option"]
    for option in options:
        assert any(flag in rows[0] for flag in option.opts), f"{name} {option.opts}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split()[1:], "--help"])
    assert shown.exit_code == 0
    assert "Usage: " in shown.stdout


def test_the_command_is_installed() -> None:
    shown = subprocess.run([VERIFIER, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: verifier" in shown.stdout
    assert shown.stderr == ""


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| (`VERIFIER_.*?) \| (.*?) \|", README, re.MULTILINE)
    documented: dict[str, str] = {}
    for names, defaults in rows:
        found = re.findall(r"`VERIFIER_(\w+)`", names)
        values = defaults.split(", ")
        documented |= zip(found, values * (len(found) if len(values) == 1 else 1), strict=True)
    assert documented.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int | float | str) and field.default != "":
            assert documented[name.upper()].lower() == f"{field.default}".lower().removesuffix(".0")


def test_every_outcome_is_documented_with_its_reward() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (1\.0|0\.0|null) \|", README, re.MULTILINE))
    assert rows == {o.value: "null" if o.reward is None else str(o.reward) for o in Outcome}


def test_every_target_of_make_is_documented() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in targets:
        assert target == "help" or f"make {target}" in README, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", link):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:api|benchmarks|client|deploy|docs|examples|sandbox|tests|verifier)/[\w/.-]*)`",
        page.read_text(encoding="utf-8"),
    )
    for path in named:
        assert (ROOT / path).exists(), path


NAMED = {
    name
    for page in PAGES
    for name in re.findall(
        r"`((?:api|sandbox|verifier|verifier_client)(?:\.\w+)+)`", page.read_text(encoding="utf-8")
    )
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_name_in_the_code_that_is_named_exists(name: str) -> None:
    assert pkgutil.resolve_name(name) is not None


def block(start: str) -> str:
    """The fenced block of the README that begins so."""
    found = re.search(rf"^```\w+\n({re.escape(start)}.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found, start
    return found[1]


def without_times(answer: Any) -> Any:
    for result in answer["results"]:
        result.pop("cpu_s", None)
    return answer


def test_the_readmes_request_gets_the_readmes_answer(service_url: str) -> None:
    found = re.fullmatch(r"\$ curl [^']*'([^']*)'[^']*'([^']*)'\n(.*)", block("$ curl"), re.DOTALL)
    assert found
    header, body, shown = found.groups()
    headers = dict([header.split(": ")])
    url = f"{service_url}/v1/score"
    answer = httpx2.post(url, content=body, headers=headers, timeout=600, trust_env=False)
    assert without_times(answer.json()) == without_times(json.loads(shown))


def test_the_readmes_trainer_leaves_out_what_could_not_be_judged(service_url: str) -> None:
    right, wrong = "\\boxed{4}", "\\boxed{5}"
    completions = [right, right, wrong, wrong]
    groups = [
        {"ground_truth": "4", "completions": completions},
        {"ground_truth": {"kind": "math", "answers": []}, "completions": completions},
    ]
    code = block("import numpy").replace("http://127.0.0.1:8000", service_url)
    names: dict[str, Any] = {"groups": groups}
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"):
        exec(code, names)
    assert names["advantages"].tolist() == [[0.5, 0.5, -0.5, -0.5], [0.0, 0.0, 0.0, 0.0]]


def test_the_readmes_files_of_evaluators_get_the_readmes_counts(tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    shown_blocks = block("$ verifier score") + block("$ verifier report")
    asked = re.findall(
        r"^\$ verifier (.*)\n((?:(?!\$ ).*\n)*)", shown_blocks.replace("\\\n", " "), re.MULTILINE
    )
    assert len(asked) == 6
    environment = {**os.environ, "VERIFIER_WORKERS": "1"}  # a jail for each would take longest
    for command, shown in asked:
        found = subprocess.run(
            [VERIFIER, *shlex.split(command)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
        assert re.sub(r"options \w{16}", "options …", found.stdout) == shown, found.stderr


def test_every_language_is_documented() -> None:
    assert '`"language"` (any of\n[docs/languages.md]' in README
    page = (ROOT / "docs/languages.md").read_text(encoding="utf-8")
    assert set(LANGUAGES) <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_the_examples_for_trainers_hold() -> None:
    text = (ROOT / "docs/trainers.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        exec(example, {})


def test_every_adapter_has_its_lines_and_every_line_its_adapter() -> None:
    text = (ROOT / "docs/trainers.md").read_text(encoding="utf-8")
    table = text.split("| trainer | lines |\n|---|---|\n")[1].split("\n\n")[0]
    named = set(re.findall(r"verifier_client[./](\w+)", table))
    described = verifier_client.__doc__ or ""
    for name in named:
        assert importlib.util.find_spec(f"verifier_client.{name}"), name
        assert name in described, name
    service = create_app(Settings(), EmbeddedDispatcher(workers=1, sandbox="local"))
    addresses = set(re.findall(r"http://HOST:PORT(/[\w/]+)", table)) | {"/verify"}
    assert addresses <= set(service.openapi()["paths"])
