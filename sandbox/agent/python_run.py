"""Runs one Python program in a confined process: as a script, or as a function that is called.

Everything here shares the interpreter with candidate code, which may rewrite any of it. So nothing
it reports is believed: the worker compares outputs, and what a run says of itself can only choose
between ways of having failed.

A program comes as JSON {"source", "entry_point"}; a script's first run leaves its code object for
the later ones, which spares them the compiler. What can be done before the fork is done in
`preload`: memory that a run touches is copied for it page by page, and that is what a run costs.
"""

import builtins
import contextlib
import io
import json
import marshal
import os
import random
import re
import sys
import threading
import traceback
from _sitebuiltins import Quitter, _Helper
from _thread import _count as count_threads
from atexit import _run_exitfuncs as run_exit_functions
from collections.abc import Callable, Sequence
from marshal import loads
from os import SEEK_END, _exit, close, lseek, pread
from time import monotonic
from types import CodeType, ModuleType
from typing import Any, NoReturn

from . import PRELOADED_VARIABLE, confine, values

FILE_NAME = "main.py"
MODULE_NAME = "solution"
"""Of a program whose function is called: what stands under `if __name__ == "__main__"` is for those
who run it, and waits for an input as a rule."""
SITE = "/opt/verifier/site"
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": confine.SCRATCH,
    "LANG": "C.UTF-8",
    # Otherwise numpy's libraries start a thread, and reserve memory, for every CPU of the machine.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_WARM = """abc array ast base64 bisect calendar cmath collections collections.abc contextlib copy
dataclasses datetime decimal enum fractions functools heapq inspect io itertools json math numbers
operator os os.path pprint queue random re statistics string struct sys textwrap threading time
traceback types typing warnings"""


_MAIN = ModuleType("__main__")
_NAMESPACE = _MAIN.__dict__
_NAMESPACE.update(__builtins__=builtins, __file__=FILE_NAME)
_GIVEN_NAMES = len(_NAMESPACE)
"""What comes behind them, in the order in which it was made, is the program's."""


def preload() -> None:
    """Make the agent's interpreter, once per jail, what a program expects to be started in."""
    import_warm_modules()
    sys.argv = [FILE_NAME]
    sys.path[:] = [
        confine.SCRATCH,
        *(path for path in sys.path if path.startswith(sys.prefix)),
        SITE,
    ]
    # The limit on CPU time stands in for the interpreter's limit on the digits of integers.
    sys.set_int_max_str_digits(0)
    libraries = os.environ.get(PRELOADED_VARIABLE, "").split()
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    if libraries:
        _preload_libraries(libraries)
    # Programs expect what site adds, which the agent itself does without (python -S).
    for name in ("exit", "quit"):
        setattr(builtins, name, Quitter(name, "Ctrl-D (i.e. EOF)"))
    builtins.help = _Helper()
    sys.modules["__main__"] = _MAIN
    _open_standard_streams()
    # The same program shall do the same thing again.
    random.seed(0)
    for name in [name for name in sys.modules if name.partition(".")[0] == __package__]:
        del sys.modules[name]


def _preload_libraries(names: Sequence[str]) -> None:
    """Import what runs then find done. What that leaves in files (a list of fonts) is in memory as
    well, and no run may find the files: its jail would not be empty."""
    import shutil  # noqa: PLC0415 - with what it brings every run would be a copy of it

    for name in names:
        with contextlib.suppress(ImportError):  # a local jail has what is installed beside it
            __import__(name)
    for name in os.listdir(confine.SCRATCH):
        shutil.rmtree(f"{confine.SCRATCH}/{name}")


def import_warm_modules() -> None:
    """Import what programs import, so that they find it done."""
    for name in _WARM.split():
        __import__(name)


def _open_standard_streams() -> None:
    """On what every run's are, so that a run finds them open: a file, and two pipes."""
    agents = [os.dup(descriptor) for descriptor in range(3)]
    samples = [os.open(confine.SCRATCH, os.O_TMPFILE | os.O_RDWR), *os.pipe()]
    for target, sample in enumerate((samples[0], samples[2], samples[2])):
        os.dup2(sample, target)
    sys.stdin = sys.__stdin__ = _text(0, "rb")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _text(1, "wb")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(  # type: ignore[misc]
        open(2, "wb", 0, closefd=False),  # noqa: SIM115
        encoding="utf-8",
        errors="backslashreplace",
        write_through=True,
    )
    for target, descriptor in enumerate(agents):
        os.dup2(descriptor, target)
    for descriptor in (*agents, *samples):
        os.close(descriptor)


def _text(descriptor: int, mode: str) -> io.TextIOWrapper:
    stream = open(descriptor, mode, closefd=False)  # noqa: SIM115
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape")
    text.mode = mode[0]  # type: ignore[misc]  # as the interpreter does; fast readers ask for it
    return text


def content_of(descriptor: int) -> bytes:
    """The whole of a file, whose offset other runs share."""
    return pread(descriptor, lseek(descriptor, 0, SEEK_END), 0)


def _compile(document: dict[str, Any]) -> CodeType:
    return compile(document["source"].removeprefix("\ufeff"), FILE_NAME, "exec", dont_inherit=True)


def first_script(descriptors: Sequence[int]) -> NoReturn:
    """Run the program behind the first descriptor; write its code object to the second before."""
    _script(_compile_and_keep, descriptors)


def compiled_script(descriptors: Sequence[int]) -> NoReturn:
    """Run the program whose code object is behind the descriptor."""
    _script(_load_compiled, descriptors)


def _compile_and_keep(descriptors: Sequence[int]) -> CodeType:
    program, compiled = descriptors
    source = content_of(program)
    close(program)
    code = _compile(json.loads(source))
    with open(compiled, "wb") as file:
        file.write(marshal.dumps(code))
    return code


def _load_compiled(descriptors: Sequence[int]) -> CodeType:
    (compiled,) = descriptors
    content = content_of(compiled)
    close(compiled)
    return loads(content)  # type: ignore[no-any-return]  # noqa: S302 - of our making


def _script(code: Callable[[Sequence[int]], CodeType], descriptors: Sequence[int]) -> NoReturn:
    exit_code = 1
    try:
        exec(code(descriptors), _NAMESPACE)  # noqa: S102 - what this process is for
        exit_code = 0
    except SystemExit as exit_request:
        exit_code = _exit_code(exit_request)
    except BaseException as error:  # noqa: BLE001 - reported as the interpreter would
        trace = error.__traceback__
        traceback.print_exception(type(error), error, trace and trace.tb_next)
    _end(exit_code)


def _exit_code(exit_request: SystemExit) -> int:
    if exit_request.code is None:
        return 0
    if isinstance(exit_request.code, int):
        return exit_request.code & 0xFF
    sys.stderr.write(f"{exit_request.code}\n")
    return 1


def _end(exit_code: int) -> NoReturn:
    """End as the interpreter does: join threads, run exit handlers, flush, and let go of what is
    global: a file that was not closed writes what it still holds, an object says good-bye."""
    try:
        if count_threads():
            threading._shutdown()  # type: ignore[attr-defined]
        run_exit_functions()
        _flush()
        sys.stdout = sys.__stdout__
        for name in [*_NAMESPACE][: _GIVEN_NAMES - 1 : -1]:
            _NAMESPACE[name] = None
        try:  # noqa: SIM105 - suppress() is memory more to copy for every run
            _flush()
        except ValueError:  # detached: another has its file, and was flushed
            pass
    except BaseException:  # noqa: BLE001 - a failed flush is a failed program
        exit_code = exit_code or 120
    _exit(exit_code)


def _flush() -> None:
    if not (sys.stdout is None or sys.stdout.closed):
        sys.stdout.flush()


def serve_calls(descriptors: Sequence[int]) -> NoReturn:
    """Load the program behind the first descriptor and call its function with what comes out of the
    second, answering into the third, until there is no more."""
    program, requests, answers = descriptors
    document = json.loads(content_of(program))
    os.close(program)

    def answer(frame: bytes) -> None:
        unsent = memoryview(len(frame).to_bytes(4, "big") + frame)
        while unsent:
            unsent = unsent[os.write(answers, unsent) :]

    try:
        code = _compile(document)
    except BaseException as error:  # noqa: BLE001 - the program's, whatever it is
        answer(_failed("compile_error", error))
        os._exit(1)
    _NAMESPACE["__name__"] = MODULE_NAME
    sys.modules[MODULE_NAME] = _MAIN
    try:
        exec(code, _NAMESPACE)  # noqa: S102 - what this process is for
        function = _entry_point(_NAMESPACE, document["entry_point"])
    except BaseException as error:  # noqa: BLE001 - the program's, whatever it is
        answer(_failed("load_error", error))
        os._exit(1)
    answer(b'["loaded",null]')
    decode = values.decoder(_NAMESPACE)

    def call(request: bytes) -> None:
        try:
            arguments, keywords, consume = decode(request.decode())
            frame = values.Encoder(consume=consume).encode(function(*arguments, **keywords))
            answer(b'["value",' + frame + b"]")
        except BaseException as error:  # noqa: BLE001 - the candidate's, whatever it is
            answer(_failed("raised", error))

    with open(requests, "rb") as incoming:
        while header := incoming.read(4):
            batch = io.BytesIO(incoming.read(int.from_bytes(header, "big")))
            if not _call_each(batch, call):
                answer(b'["stopped",null]')
    os._exit(0)


def _call_each(batch: io.BytesIO, call: Callable[[bytes], None]) -> bool:
    """Do the calls of a batch; False where some are left because those before took long.

    They are asked for again: the limits of a slow call must not count from before others."""
    stop_at = monotonic() + values.BATCH_S
    while header := batch.read(4):
        call(batch.read(int.from_bytes(header, "big")))
        if monotonic() > stop_at:
            return not batch.read(1)
    return True


def _failed(phase: str, error: BaseException) -> bytes:
    text = traceback.format_exception_only(error)[-1].strip()[:500]
    return json.dumps([phase, [type(error).__name__[:100], text]]).encode()


def _entry_point(namespace: dict[str, Any], name: str) -> Any:
    """What `f`, `Solution().f` or, where the program wraps `f` in a class, `f` stands for."""
    if matched := re.fullmatch(r"(\w+)\(\)\.(\w+)", name):
        return _method(namespace[matched[1]], matched[2])
    if name in namespace:
        return namespace[name]
    if hasattr(namespace.get("Solution"), name):
        return _method(namespace["Solution"], name)
    raise NameError(f"the program does not define {name}")


def _method(owner: Any, name: str) -> Callable[..., Any]:
    """The method of a new object at every call, as LeetCode has it: solutions count in theirs."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        return getattr(owner(), name)(*arguments, **keywords)

    return call
