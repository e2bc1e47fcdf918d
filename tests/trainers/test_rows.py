"""Every row of the tables for trainers, in README and docs/trainers.md, is executed by a test."""

import ast
import re
from pathlib import Path

from api.app import create_app
from api.settings import Settings
from tests.api.obedient import ObedientDispatcher

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "client/verifier_client"
OWN_CODE = "tests/trainers/test_trainers.py"
_ROUTES, _ADAPTED = "tests/api/routes/test_judging.py", "tests/client/test_adapters.py"
_SPEAKERS = "tests/trainers/test_sandbox_clients.py"
_VERL = "tests/client/test_verl_sandbox.py"
RIGHT_AND_WRONG = (OWN_CODE, "test_right_and_wrong")

EXECUTED = {
    "TRL": RIGHT_AND_WRONG,
    "verl": RIGHT_AND_WRONG,
    "verl, as SandboxFusion": (_VERL, "test_verl_scores_a_program_by_the_cases_that_it_passes"),
    "OpenRLHF": RIGHT_AND_WRONG,
    "NeMo-Gym": RIGHT_AND_WRONG,
    "NeMo-RL": RIGHT_AND_WRONG,
    "verifiers": RIGHT_AND_WRONG,
    "verifiers v1, prime-rl": RIGHT_AND_WRONG,
    "AReaL": RIGHT_AND_WRONG,
    "SkyRL-Gym": RIGHT_AND_WRONG,
    "ms-swift": RIGHT_AND_WRONG,
    "slime": RIGHT_AND_WRONG,
    "open-instruct": (_ROUTES, "test_real_programs_and_answers"),
    "ROLL": RIGHT_AND_WRONG,
    "rllm": RIGHT_AND_WRONG,
    "torchforge": RIGHT_AND_WRONG,
    "ROLL, as SandboxFusion": (_SPEAKERS, "test_roll_scores_by_what_a_run_says"),
    "tinker-cookbook, and what else speaks SandboxFusion": (
        _SPEAKERS,
        "test_tinker_cookbook_grades_by_its_harness",
    ),
    "any other": ("tests/client/test_outages.py", "test_what_may_heal_is_asked_for_again"),
}
WITHOUT_A_SERVICE = {
    "slime": (OWN_CODE, "test_a_service_that_is_away_for_a_while"),
    "NeMo-Gym": (OWN_CODE, "test_a_service_that_is_away_for_a_while"),
    "OpenRLHF": (OWN_CODE, "test_openrlhf_itself_waits_no_longer_than_a_few_seconds"),
    "open-instruct": (OWN_CODE, "test_open_instruct_itself_takes_an_outage_for_a_0"),
    "verl, as SandboxFusion": (_VERL, "test_verl_sends_the_key_that_stands_in_the_address"),
}


LINES = "| trainer | lines |\n|---|---|\n"


def table(page: str, head: str) -> str:
    """The table that begins so."""
    return (ROOT / page).read_text(encoding="utf-8").split(head)[1].split("\n\n")[0]


def rows(page: str, head: str) -> set[str]:
    """Its first cells."""
    return set(re.findall(r"^\| (.*?) \|", table(page, head), re.MULTILINE))


def test_what_the_lines_name_is_there() -> None:
    lines = table("docs/trainers.md", LINES) + table("README.md", LINES)
    named = set(re.findall(r"verifier_client\.(\w+)\.(\w+)", lines))
    named |= {("verl", name) for name in re.findall(r"(compute_score\w*)", lines)}
    assert len(named) > len(rows("docs/trainers.md", LINES)) / 2
    for module, name in named:
        assert name in defined_in(CLIENT / f"{module}.py"), (module, name)
    for module in re.findall(r"verifier_client[./](\w+)", lines):
        assert (CLIENT / f"{module}.py").exists(), module
    routes = set(re.findall(r"(?:HOST:PORT|POST )(/[\w/]+)", lines))
    assert routes
    assert routes <= create_app(Settings(), ObedientDispatcher()).openapi()["paths"].keys()


def defined_in(module: Path) -> set[str]:
    """What stands there at the top, without importing it: most want their trainer."""
    found: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_every_row_is_executed_by_a_test() -> None:
    assert rows("docs/trainers.md", LINES) == EXECUTED.keys()
    assert rows("README.md", LINES) <= EXECUTED.keys()
    away = "| trainer, no client | where nothing answers |\n|---|---|\n"
    assert rows("docs/trainers.md", away) == WITHOUT_A_SERVICE.keys()
    for path, test in (*EXECUTED.values(), *WITHOUT_A_SERVICE.values()):
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8"), test
