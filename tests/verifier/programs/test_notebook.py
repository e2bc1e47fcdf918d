"""The cells of a notebook in a jail: what each of them shows, and what ends them all."""

import base64
import inspect
import json
from typing import Any

import pytest

from sandbox import JailUnavailable, Status
from sandbox.languages import SCIENCE
from sandbox.pool import JailPool
from tests.verifier.conftest import LIMITS
from verifier.model import Ran, Run
from verifier.programs import notebook
from verifier.programs.bare_run import run_program
from verifier.programs.judge import ProgramJudge


def played(pool: JailPool, cells: list[str], variant: str | None = None) -> Ran:
    source = f"{inspect.getsource(notebook)}\nplay({cells!r})\n"
    run = Run(source=source, language="python", fetch=[notebook.REPORT], variant=variant)
    result = run_program(pool, ProgramJudge(pool, pool, LIMITS), run)
    assert isinstance(result, Ran), result
    return result


def shown(ran: Ran) -> list[dict[str, Any]]:
    assert ran.status is Status.OK, ran
    report: list[dict[str, Any]] = json.loads(base64.b64decode((ran.files or {})[notebook.REPORT]))
    return report


def test_cells_share_names_and_each_shows_what_is_its_own(pool: JailPool) -> None:
    cells = [
        "import os, sys\na = 'hello'",
        "a",
        "print(a)\nos.write(1, b'past it\\n')\nprint('oh', file=sys.stderr)",
        "1 / 0",
        "display(a, 1); a;",
        "raise SystemExit(3)",
        "x = (",
        "print(_, a)",
    ]
    report = shown(played(pool, cells))
    assert [cell["display"] for cell in report[:2]] == [[], [{"text/plain": "'hello'"}]]
    assert report[2]["stdout"] == "hello\npast it\n"
    assert report[2]["stderr"] == "oh\n"
    (error,) = report[3]["error"]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert [line.split(",")[0] for line in error["traceback"][1:-1]] == ['  File "<cell 4>"']
    assert [value["text/plain"] for value in report[4]["display"]] == ["'hello'", "1"]
    names = [error["ename"] for cell in report[5:7] for error in cell["error"]]
    assert names == ["SystemExit", "SyntaxError"]
    assert report[7]["stdout"] == "hello hello\n"


def test_a_notebook_that_is_ended_tells_of_no_cell(pool: JailPool) -> None:
    assert not played(pool, ["print(1)", "import os; os._exit(0)", "print(2)"]).files


def test_what_matplotlib_drew_is_shown_as_a_picture(pool: JailPool) -> None:
    drawing = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    try:
        (cell,) = shown(played(pool, [drawing], SCIENCE))
    except JailUnavailable as refusal:
        pytest.skip(str(refusal))
    if cell["error"]:
        assert cell["error"][0]["ename"] == "ModuleNotFoundError"
        pytest.skip("this jail has no matplotlib")
    assert cell["stderr"] == ""
    picture = base64.b64decode(cell["display"][0]["image/png"])
    assert picture.startswith(b"\x89PNG")
