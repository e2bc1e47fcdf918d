"""Runs inside a jail, as text behind `referee.suite_side.seal`: a judging program in Python.

What it reads of a candidate must not become code there, which would run beside its judge: `eval`
takes literals, and what else makes code or starts processes ends the program.
"""

import ast
import base64
import builtins
import io
import json
import os
import random
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn

BROKE = 121
"""The exit code where it raised an exception, whose name stands at the end of standard error."""
_PROGRAM = "judge.py"
_FUNCTIONS = ("check", "dmoj")
"""Styles of programs that define a function, which is called."""
_TAKES_ANY = 0x08
"""The flag of a function's code with `**names` (`inspect.CO_VARKEYWORDS`)."""
_GUARDED = frozenset(
    {
        *("exec", "marshal.loads", "pickle.find_class", "code.__new__", "ctypes.dlopen"),
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"),
        *("pty.spawn", "subprocess.Popen", "os.startfile"),
    }
)


def judge(style: str, source: str, *arguments: str) -> None:
    """Run the program. A checker's standard input tells of the files that it is given, which are
    written unless it is a function's parameters that they become, and how to seed `random`."""
    told = {} if style == "interactor" else _told()
    if style not in _FUNCTIONS:
        _write(told)
    try:
        code = compile(source, _PROGRAM, "exec", dont_inherit=True)
        if style in _FUNCTIONS:
            value = _call(style, code, [told["files"][name] for name in arguments])
        else:
            sys.argv = [_PROGRAM, *arguments]
            value = _execute(code, "__main__")
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is ends the program
        _break(type(error))
    if style in _FUNCTIONS:
        sys.__stdout__.write(json.dumps({"value": _plain(value)}))  # type: ignore[union-attr]


def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.load(sys.stdin)
    random.seed(told["seed"])
    files = {name: base64.b64decode(content) for name, content in told["files"].items()}
    return {**told, "files": files}


def _write(told: dict[str, Any]) -> None:
    for name, content in told.get("files", {}).items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(content)
    if told.get("stdin"):
        os.dup2(os.open(told["stdin"], os.O_RDONLY), 0)
        raw = io.BufferedReader(io.FileIO(0, closefd=False))
        sys.stdin = io.TextIOWrapper(raw, encoding="utf-8", errors="replace")


def _execute(code: types.CodeType, name: str) -> dict[str, Any]:
    """The names of the program once it has run."""
    builtin = {**vars(builtins), "eval": _evaluate}
    names: dict[str, Any] = {"__name__": name, "__builtins__": builtin}
    _guard(code)
    exec(code, names)  # noqa: S102 - what this jail is for
    return names


def _call(style: str, code: types.CodeType, parts: Sequence[bytes]) -> Any:
    """What its function says; what it prints is nobody's."""
    sys.stdout = io.StringIO()
    if style == "dmoj":
        _add_dmoj()
    check = _execute(code, "checker")["check"]
    if style == "dmoj":
        return _check_as_dmoj(check, *parts)
    return check(*(part.decode("utf-8", "replace") for part in parts))


class CheckerResult:
    """What a checker of DMOJ's returns, where it is not a truth value."""

    def __init__(self, passed: bool, points: float, *_told: Any, **_more: Any) -> None:
        self.passed, self.points = passed, points


def _add_dmoj() -> None:
    """The modules of DMOJ's that checkers import."""
    modules: dict[str, dict[str, Any]] = {
        "dmoj": {},
        "dmoj.error": {"InternalError": type("InternalError", (Exception,), {})},
        "dmoj.result": {"CheckerResult": CheckerResult},
        "dmoj.utils": {},
        "dmoj.utils.unicode": {
            "utf8bytes": lambda text: text.encode() if isinstance(text, str) else text,
            "utf8text": lambda text, errors="strict": (
                text.decode("utf-8", errors) if isinstance(text, bytes) else text
            ),
        },
    }
    for name, members in modules.items():
        sys.modules[name] = module = types.ModuleType(name)
        vars(module).update(members)
        parent, _, own = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own, module)


def _check_as_dmoj(check: Any, theirs: bytes, jurys: bytes, given: bytes) -> Any:
    """Called with one point to give; it takes as many of these as it names."""
    more: dict[str, Any] = {
        "judge_input": given, "point_value": 1, "submission_source": b"", "batch": 0,
        "submission_language": "", "case_position": 0, "problem_id": "", "binary_data": False,
        "execution_time": 0.0, "case": None, "result": None,
    }  # fmt: skip
    code = check.__code__
    if not code.co_flags & _TAKES_ANY:
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        more = {name: value for name, value in more.items() if name in taken}
    told = check(theirs, jurys, **more)
    if not isinstance(told, CheckerResult):
        return told
    points = float(told.points)
    return points if told.passed else min(points, 0.99)  # wrong, whatever it is worth


def _guard(program: Any) -> None:
    is_admitted, guarded = open_admission(), _GUARDED  # type: ignore[name-defined]  # noqa: F821

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event not in guarded or is_admitted(event, args):
            return
        if not (event == "exec" and args[0] is program):
            _break(PermissionError)

    sys.addaudithook(hear)


def _evaluate(text: Any, *_: Any) -> Any:
    return ast.literal_eval(text.strip() if isinstance(text, str) else text)


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float) else None if value is None else "other"


def _break(kind: type[BaseException]) -> NoReturn:
    names = [each.__name__ for each in kind.__mro__]
    os.write(2, f"\n{json.dumps(names)}\n".encode())
    os._exit(BROKE)
