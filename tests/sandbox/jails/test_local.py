"""What only the local jail can get wrong: it is started by a process of ours."""

import ast
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program
from sandbox.agent.confine import MAX_FILES
from sandbox.jails import host_files
from sandbox.jails.local import open_local_jail
from sandbox.languages import PYTHON, TOOLCHAINS
from sandbox.runs.warm_jail import WarmJail
from sandbox.selfcheck import broken_promises


@pytest.fixture
def start(not_here: Callable[[str], NoReturn]) -> Callable[[], WarmJail]:
    def start() -> WarmJail:
        try:
            return open_local_jail()
        except JailUnavailable as refusal:
            not_here(str(refusal))

    return start


def test_nothing_of_a_worker_with_many_open_files_reaches_a_run(
    start: Callable[[], WarmJail],
) -> None:
    many = [os.dup(0) for _ in range(MAX_FILES + 50)]
    try:
        jail = start()
    finally:
        for descriptor in many:
            os.close(descriptor)
    program = Program("import os\nprint(sorted(map(int, os.listdir('/proc/self/fd'))))")
    with jail.load(program, Limits()) as script:
        assert script.run(b"").stdout == b"[0, 1, 2, 3]\n"
    jail.close()


def test_a_jail_leaves_nothing_on_the_host(start: Callable[[], WarmJail]) -> None:
    descriptors = os.listdir("/proc/self/fd")
    jail = start()
    jail.close()
    assert os.listdir("/proc/self/fd") == descriptors
    assert "/verifier" not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


def test_signals_that_the_worker_ignores_are_not_ignored_by_runs(
    start: Callable[[], WarmJail],
) -> None:
    numbers = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        jail = start()
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    program = Program(
        "import signal as s\n"
        "print(s.getsignal(s.SIGINT) is s.default_int_handler,\n"
        "      s.getsignal(s.SIGHUP) == s.getsignal(s.SIGQUIT) == s.SIG_DFL)"
    )
    with jail.load(program, Limits()) as script:
        assert script.run(b"").stdout == b"True True\n"
    jail.close()


IMPORT_ALL = """
import contextlib, io, sys
left_out = {"antigravity", "this", "idlelib", "turtledemo", "__main__"}
failed = []
for name in sorted(sys.stdlib_module_names - left_out):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            __import__(name)
    except ImportError:
        failed.append(name)
print(failed)
"""


def test_the_standard_library_is_all_there(start: Callable[[], WarmJail]) -> None:
    """With every shared library that its modules load: what the interpreter can import on this
    machine, it can import in a jail."""
    command = [sys.executable, "-I", "-S", "-c", IMPORT_ALL]
    here = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    limits = Limits(cpu_s=60, wall_s=60, memory_bytes=1024 * 1024 * 1024)
    with contextlib.closing(start()) as jail, jail.load(Program(IMPORT_ALL), limits) as script:
        result = script.run(b"")
    assert result.stdout.decode() == here, result.stderr


LIST_FILES = """
import os
print(sorted(
    os.path.join(place, name)
    for top in ("/usr", "/lib", "/etc", "/opt", "/root", "/var", "/srv", "/home")
    for place, _, names in os.walk(os.path.realpath(top)) for name in names))
"""


def test_nothing_of_this_machine_is_shown_but_what_python_needs(
    start: Callable[[], WarmJail],
) -> None:
    with contextlib.closing(start()) as jail:
        limits = Limits(output_bytes=64 * 1024 * 1024)
        with jail.load(Program(LIST_FILES), limits) as script:
            seen = set(ast.literal_eval(script.run(b"").stdout.decode()))
    shown = host_files.shown(PYTHON)
    needed = {place for _, place in shown.files} | {
        "/etc/passwd",
        "/etc/hosts",
        "/etc/nsswitch.conf",
    }
    folders = (*shown.trees, "/opt/verifier/agent/", "/opt/verifier/site/")
    assert {path for path in seen - needed if not path.startswith(folders)} == set()
    # Both are on every Debian machine, and no library of Python's.
    assert os.path.exists("/usr/lib/os-release")
    assert not {"/usr/lib/os-release", "/usr/lib/ssl/openssl.cnf"} & seen
    libraries = {path for path in seen if ".so" in path and not path.startswith(folders)}
    assert 0 < len(libraries) <= len(shown.files)


def test_toolchains_show_their_folders_and_python_none_of_them() -> None:
    assert host_files.shown(PYTHON).trees
    python, tools = (set(host_files.shown(variant).trees) for variant in (PYTHON, TOOLCHAINS))
    assert "/usr/bin" in tools - python
    assert not {"/", "/usr", "/usr/lib", "/usr/share", "/etc", "/opt"} & (tools | python)


def test_what_the_worker_blocks_is_not_blocked_for_runs(start: Callable[[], WarmJail]) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        jail = start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    program = Program("import signal\nprint(signal.pthread_sigmask(0, []))")
    with contextlib.closing(jail), jail.load(program, Limits()) as script:
        assert script.run(b"").stdout == b"set()\n"


def test_it_is_whole_where_new_files_are_their_owners_alone(start: Callable[[], WarmJail]) -> None:
    """As systemd's units and batch systems may have it."""
    before = os.umask(0o077)
    try:
        jail = start()
    finally:
        os.umask(before)
    try:
        assert broken_promises(jail) == []
    finally:
        jail.close()
