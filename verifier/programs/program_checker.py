"""Asks a problem's own checker, a program, whether an output is right.

It runs in a jail without candidate code, once the candidate's run is over: what it reads of the
candidate is a file of bytes, and the candidate sees neither it nor what it is given.
"""

from __future__ import annotations

import base64
import json
from types import TracebackType

from sandbox import Limits, Program, Status
from sandbox.jail import Jail
from verifier.errors import GroundTruthError
from verifier.model import CheckerProgram, StdinCase

_LIMITS = Limits(cpu_s=10.0, wall_s=20.0, total_cpu_s=600.0, total_wall_s=120.0)
_DRIVER = """\
import base64, contextlib, io, json, os, sys, tempfile

_source, _style = {source!r}, {style!r}


def _main():
    given = json.load(sys.stdin)
    raw = {{name: base64.b64decode(given[name]) for name in ("input", "output", "answer")}}
    said, paths = io.StringIO(), {{}}
    folder = tempfile.mkdtemp()
    for name, content in raw.items():
        paths[name] = os.path.join(folder, name + ".txt")
        with open(paths[name], "wb") as file:
            file.write(content)
    order = ("input", "answer", "output") if _style == "prints" else ("input", "output", "answer")
    sys.argv = ["checker.py", *(paths[name] for name in order)]
    names = {{"__name__": "checker" if _style == "check" else "__main__"}}
    code = 0
    with contextlib.redirect_stdout(said):
        try:
            exec(compile(_source, "checker.py", "exec"), names)
            if _style == "check":
                texts = {{name: part.decode("utf-8", "replace") for name, part in raw.items()}}
                value = names["check"](texts["input"], texts["output"], texts["answer"])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    if _style == "check":
        return isinstance(value, (bool, int, float)) and value >= 1
    if _style == "files":
        return code == 0
    words = said.getvalue().split()
    return code == 0 and bool(words) and words[-1] in ("1", "1.0", "True", "true")


_right = _main()
sys.stdout.write(json.dumps({{"right": bool(_right)}}))
"""


class ProgramChecker:
    """One checker, ready to be asked about outputs. A context manager."""

    def __init__(self, checker: CheckerProgram, jail: Jail) -> None:
        driver = _DRIVER.format(source=checker.source, style=checker.style)
        self._load = jail.load(Program(driver), _LIMITS)
        self._is_sound = False

    def __enter__(self) -> ProgramChecker:
        self._runner = self._load.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._load.__exit__(kind, error, trace)

    def accepts(self, case: StdinCase, output: bytes) -> bool:
        """Whether the checker takes `output` for right.

        One that fails on it has been given what it cannot read, which no right output is, if only
        it takes the jury's own answer. Raises GroundTruthError where it does not, and JailFault."""
        if not self._is_sound:
            if self._ask(case, case.output.encode()) is not True:
                raise GroundTruthError(
                    "The ground truth cannot be used: its checker does not take the expected "
                    "output of the first case for right."
                )
            self._is_sound = True
        return self._ask(case, output) is True

    def _ask(self, case: StdinCase, output: bytes) -> bool | None:
        """None where the checker gives no answer."""
        parts = {"input": case.input.encode(), "output": output, "answer": case.output.encode()}
        plain = {name: base64.b64encode(part).decode() for name, part in parts.items()}
        result = self._runner.run(json.dumps(plain).encode())
        if result.status is not Status.OK:
            return None
        try:
            said = json.loads(result.stdout)
        except ValueError:
            return None
        right = said.get("right") if isinstance(said, dict) else None
        return right if isinstance(right, bool) else None
