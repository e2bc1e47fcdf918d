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
from collections.abc import Sequence
from typing import Any, NoReturn

BROKE = 121
"""The exit code where it raised an exception, whose name stands at the end of standard error."""
_PROGRAM = "judge.py"
_GUARDED = frozenset(
    {
        *("exec", "marshal.loads", "pickle.find_class", "code.__new__", "ctypes.dlopen"),
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"),
        *("pty.spawn", "subprocess.Popen", "os.startfile"),
    }
)


def judge(style: str, *arguments: str) -> None:
    """Run the program. A checker's standard input tells of files to write first, and how to seed
    `random`."""
    if style != "interactor":
        told = json.load(sys.stdin)
        random.seed(told["seed"])
        for name, content in told["files"].items():
            with open(name, "wb") as file:
                file.write(base64.b64decode(content))
    try:
        value = _run(style, arguments)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is ends the program
        _break(type(error))
    if style == "check":
        sys.__stdout__.write(json.dumps({"value": _plain(value)}))  # type: ignore[union-attr]


def _run(style: str, arguments: Sequence[str]) -> Any:
    with open(_PROGRAM, encoding="utf-8") as file:
        code = compile(file.read(), _PROGRAM, "exec", dont_inherit=True)
    sys.argv = [_PROGRAM, *arguments]
    is_check = style == "check"
    names: dict[str, Any] = {
        "__name__": "checker" if is_check else "__main__",
        "__builtins__": {**vars(builtins), "eval": _evaluate},
    }
    _guard(code)
    if not is_check:
        return exec(code, names)  # noqa: S102 - what this jail is for
    sys.stdout = io.StringIO()
    exec(code, names)  # noqa: S102 - likewise
    texts = []
    for name in arguments:
        with open(name, encoding="utf-8", errors="replace", newline="") as file:
            texts.append(file.read())
    return names["check"](*texts)


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
