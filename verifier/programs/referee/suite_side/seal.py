"""What a test program in the referee's jail may still do once the candidate has been called.

Sent into the jail as text, beside `host`; standard library only. What a candidate returned must not
become code there: it would run beside its judge. So all that the interpreter tells an audit hook of
is refused, unless it is known to make no code and to reach no other process. What no audit event
tells of is a function that finds things by name, and the kernel.
"""

from __future__ import annotations

import collections
import ctypes
import dataclasses
import importlib
import importlib.machinery
import os
import platform
import struct
import sys
import types
from collections.abc import Callable
from typing import Any

_HARMLESS = {
    "array.__new__", "builtins.id", "builtins.input", "builtins.input/result", "compile",
    "glob.glob", "glob.glob/2", "marshal.dumps", "mmap.__new__", "object.__delattr__",
    "object.__getattr__", "open", "os.chdir", "os.fwalk", "os.listdir", "os.mkdir", "os.putenv",
    "os.remove", "os.rename", "os.rmdir", "os.scandir", "os.truncate", "os.unsetenv", "os.utime",
    "os.walk", "pathlib.Path.glob", "pathlib.Path.rglob", "shutil.copyfile", "shutil.copymode",
    "shutil.copytree", "shutil.move", "shutil.rmtree", "socket.__new__", "sqlite3.connect",
    "sqlite3.connect/handle", "sys._getframe", "sys._getframemodulename", "sys.excepthook",
    "sys.set_asyncgen_hook_finalizer", "sys.set_asyncgen_hook_firstiter", "sys.unraisablehook",
    "tempfile.mkdtemp", "tempfile.mkstemp", "time.sleep", "_thread.start_joinable_thread",
    "_thread.start_new_thread",
}  # fmt: skip
"""Audit events that make no code of data and reach no other process. To compile is not yet to run:
that is an event of its own, as is a function made of a code object."""
_NUMBERS = ("bool", "bytearray", "bytes", "complex", "float", "int")
_BUILTINS = frozenset({*_NUMBERS, "dict", "frozenset", "list", "range", "set", "str", "tuple"})
_UNPICKLED = {
    "builtins": _BUILTINS,
    "__builtin__": _BUILTINS,
    "_codecs": frozenset({"encode"}),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
}
"""What a pickle may name: classes that hold data and compare as such."""
_RESOLVERS = (
    ("importlib", "import_module"),
    ("logging.config", "BaseConfigurator.resolve"),
    ("logging.config", "_resolve"),
    ("pkgutil", "resolve_name"),
    ("pydoc", "locate"),
    ("pydoc", "safeimport"),
    ("unittest.loader", "TestLoader.loadTestsFromName"),
    ("unittest.mock", "_importer"),
)
"""Functions of the library that give what a text names: called with a text of the candidate's they
would give it any function that there is. No audit event tells of them."""


def open_admission() -> Callable[[str, tuple[Any, ...]], bool]:
    """What tells an audit hook, which calls it itself, whether an event may be.

    It looks nothing up that could be changed under it."""
    harmless, unpickled = _HARMLESS, _UNPICKLED
    frame_of, frame_of_event = sys._getframe, 2
    is_loaded, is_within_library = _open_loading()
    is_generated = _open_generating()

    def is_admitted(event: str, args: tuple[Any, ...]) -> bool:
        """Whether an audit event is harmless, or is the standard library's own doing."""
        if event in harmless:
            return True
        if event == "object.__setattr__":
            return bool(args[1] != "__code__")
        if event == "pickle.find_class":
            return args[0] in unpickled and args[1] in unpickled[args[0]]
        if event == "import":
            return args[1] is None or is_within_library(args[1])
        if event not in ("exec", "marshal.loads"):
            return False
        frame = frame_of(frame_of_event)
        return is_loaded(frame) or (event == "exec" and is_generated(frame))

    return is_admitted


def _open_loading() -> tuple[Callable[[types.FrameType], bool], Callable[[str], bool]]:
    """Whether a frame is the import of a module of the library's, and whether a file is one of it:
    where no run can write."""
    places = tuple(
        f"{os.path.realpath(path)}/" for path in sys.path if path.startswith((sys.prefix, "/opt/"))
    )
    bootstrap: Any = importlib._bootstrap
    bootstrap_external: Any = importlib._bootstrap_external
    between = {
        bootstrap._call_with_frames_removed.__code__,
        bootstrap_external._compile_bytecode.__code__,
    }
    loading = {
        bootstrap_external._LoaderBasics.exec_module.__code__,
        bootstrap_external.SourceLoader.get_code.__code__,
    }
    loader_type, type_of = importlib.machinery.SourceFileLoader, type
    real_path, is_within = os.path.realpath, str.startswith

    def is_within_library(path: str) -> bool:
        return is_within(real_path(path), places)

    def is_loaded(frame: types.FrameType) -> bool:
        at: types.FrameType | None = frame
        while at is not None and at.f_code in between:
            at = at.f_back
        if at is None or at.f_code not in loading:
            return False
        loader = at.f_locals["self"]
        return type_of(loader) is loader_type and is_within_library(loader.path)

    return is_loaded, is_within_library


def _open_generating() -> Callable[[types.FrameType], bool]:
    """Whether a frame is that of a namedtuple or a dataclass in the making: the texts that these
    are made of hold names of fields, and nothing else that could be a candidate's."""
    namedtuple = collections.namedtuple.__code__
    parts: Any = dataclasses
    before_3_13 = getattr(parts, "_create_fn", None)
    dataclass_part = (before_3_13 or parts._FuncBuilder.add_fns_to_class).__code__
    dataclass = parts._process_class.__code__
    type_of, is_identifier, values_of = type, str.isidentifier, dict.values

    def is_generated(frame: types.FrameType) -> bool:
        """Whether namedtuple or dataclass wrote this code, from names that are identifiers."""
        if frame.f_code is namedtuple:  # looks at its names itself
            return True
        if frame.f_code is not dataclass_part:
            return False
        at = frame.f_back
        while at is not None and at.f_code is not dataclass:
            at = at.f_back
        if at is None:
            return False
        for field in values_of(at.f_locals["fields"]):
            if type_of(field.name) is not str or not is_identifier(field.name):
                return False
        return True

    return is_generated


def refuse_names() -> None:
    """Have every resolver refused from now on, by whatever name it goes."""
    _have_looked_up()
    for module, path in _RESOLVERS:
        found: Any = sys.modules.get(module)
        for name in path.split("."):
            found = getattr(found, name, None)
        if found is not None:
            found.__code__ = (_imported if path == "import_module" else _resolved).__code__


def _have_looked_up() -> None:
    """Have a library that is loaded look up now what it looks up by name once, and keeps."""
    pools: Any = sys.modules.get("threadpoolctl")
    if pools is not None:  # scikit-learn's
        with pools.threadpool_limits(1):
            pass


def _resolved(*_: Any, **__: Any) -> None:
    """The code of a function that finds things by name, once it may not."""
    import sys  # noqa: PLC0415 - it runs with the globals of others

    sys.audit("to look something up by its name")


def _imported(name: Any, *_: Any, **__: Any) -> Any:
    """Likewise, of what gives a module: pandas asks for libraries that it can do without, of which
    it has a list."""
    import sys  # noqa: PLC0415 - it runs with the globals of others

    asking = sys._getframe(1).f_globals
    is_pandas = asking.get("__name__") == "pandas.compat._optional" and type(name) is str
    if not is_pandas or name not in asking["VERSIONS"]:
        sys.audit("to look something up by its name")
    __import__(name)
    return sys.modules[name]


def enclose() -> None:
    """Have the kernel keep this process to itself: no other reads its memory or its descriptors,
    and it starts none. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    set_dumpable, set_seccomp, mode_filter = 4, 22, 2
    program = _no_processes()
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    header_at = ctypes.create_string_buffer(header)
    failed = libc.prctl(set_dumpable, 0, 0, 0, 0)
    failed = failed or libc.prctl(set_seccomp, mode_filter, header_at, 0, 0)
    if failed:
        raise OSError(ctypes.get_errno(), "the kernel does not enclose the referee's process")


def _no_processes() -> bytes:
    """A filter of system calls (linux/filter.h) for all threads to come: EPERM for `execve`,
    `execveat`, `fork` and `vfork`, and for `clone` where it makes no thread.

    The sandbox's own filter has refused other architectures by then."""
    refused, clone = {
        "x86_64": ((59, 322, 57, 58), 56),
        "aarch64": ((221, 281), 220),
    }[platform.machine()]
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06
    allowed, not_permitted, makes_a_thread = 0x7FFF0000, 0x00050001, 0x00010000
    number_offset, first_argument_offset = 0, 16
    steps = [(load, 0, 0, number_offset)]
    for number in refused:
        steps += [(equal, 0, 1, number), (give, 0, 0, not_permitted)]
    steps += [
        (equal, 0, 3, clone),
        (load, 0, 0, first_argument_offset),
        (bits, 1, 0, makes_a_thread),
        (give, 0, 0, not_permitted),
        (give, 0, 0, allowed),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
