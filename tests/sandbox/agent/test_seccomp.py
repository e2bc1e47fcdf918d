"""The filter itself, run as the kernel runs it, over every number and both processors."""

import errno
import functools
import struct
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.agent import seccomp
from sandbox.agent.system_calls import ALLOWED, NEWEST

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
X32 = 1 << 30


@functools.cache
def steps_of(program: bytes) -> list[tuple[int, int, int, int]]:
    return [*struct.iter_unpack("HBBI", program)]


def answer(program: bytes, number: int, *arguments: int, architecture: int) -> int:
    """What a classic BPF program says of a system call (linux/seccomp.h: struct seccomp_data)."""
    padded = [argument & (2**64 - 1) for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("iIQ6Q", number, architecture, 0, *padded)
    steps = steps_of(program)
    place, register = 0, 0
    while True:
        code, if_true, if_false, operand = steps[place]
        place += 1
        match code:
            case 0x20:
                (register,) = struct.unpack_from("I", data, operand)
            case 0x06:
                return int(operand)
            case 0x54:
                register &= operand
            case 0x15:
                place += if_true if register == operand else if_false
            case 0x25:
                place += if_true if register > operand else if_false
            case 0x45:
                place += if_true if register & operand else if_false
            case _:
                pytest.fail(f"a step of an unknown kind: {code:#x}")


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def numbers(table: dict[str, dict[str, tuple[int | None, int | None]]], machine: str) -> set[int]:
    column = list(ARCHITECTURES).index(machine)
    found = {pair[column] for group in table.values() for pair in group.values()}
    return {number for number in found if number is not None}


def test_every_number_that_is_not_allowed_is_refused(machine: str) -> None:
    program = seccomp.build_filter(machine)
    column = list(ARCHITECTURES).index(machine)
    by_argument = {pair[column] for pair in seccomp._FILTERED.values()}
    allowed, refused = numbers(ALLOWED, machine), numbers(seccomp.REFUSED, machine)
    for number in (*range(1 << 16), *range(X32, X32 + 1024), -1, 2**31 - 1):
        if number in by_argument:
            continue
        expected = ERRNO | errno.ENOSYS
        if number in allowed:
            expected = ALLOW
        elif number in refused:
            expected = ERRNO | errno.EPERM
        found = answer(program, number, architecture=ARCHITECTURES[machine])
        assert found == expected, number


def test_other_architectures_are_killed(machine: str) -> None:
    program = seccomp.build_filter(machine)
    for other in (0x40000003, 0x40000028, *set(ARCHITECTURES.values()) - {ARCHITECTURES[machine]}):
        assert answer(program, 1, architecture=other) == KILL


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("clone", [0x01200011], None),
        ("clone", [0x10000011], errno.EPERM),
        ("clone", [0x00020000], errno.EPERM),
        ("clone3", [0], errno.ENOSYS),
        ("socket", [1], None),
        ("socket", [16], errno.EAFNOSUPPORT),
        ("socket", [2, 1], None),
        ("socket", [10, 2 | 0o2000000, 17], None),
        ("socket", [2, 3, 1], errno.EAFNOSUPPORT),
        ("socket", [2, 5], errno.EAFNOSUPPORT),
        ("socket", [10, 1, 132], errno.EAFNOSUPPORT),
        ("socketpair", [2], errno.EAFNOSUPPORT),
        ("prlimit64", [0], None),
        ("prlimit64", [1], errno.EPERM),
        ("sched_setaffinity", [0], None),
        ("sched_setaffinity", [1], errno.EPERM),
        ("sched_setscheduler", [7, 0], None),
        ("sched_setscheduler", [7, 1], errno.EPERM),
        ("mmap", [0, 4096, 3, 0x22], None),
        ("mmap", [0, 4096, 3, 0x01], None),
        ("mmap", [0, 4096, 3, 0x21], errno.EPERM),
        ("mmap", [0, 4096, 3, 0x10021], errno.EPERM),
    ],
)
def test_arguments_decide_over_some(
    machine: str, name: str, arguments: list[int], error: int | None
) -> None:
    number = seccomp._FILTERED[name][list(ARCHITECTURES).index(machine)]
    program = seccomp.build_filter(machine)
    found = answer(program, number, *arguments, architecture=ARCHITECTURES[machine])
    assert found == (ALLOW if error is None else ERRNO | error)


def test_no_number_stands_in_two_tables_or_behind_the_newest(machine: str) -> None:
    column = list(ARCHITECTURES).index(machine)
    tables: list[Mapping[Any, tuple[int | None, ...]]]
    tables = [*ALLOWED.values(), *seccomp.REFUSED.values(), seccomp._FILTERED]
    numbers = (pair[column] for group in tables for pair in group.values())
    counted = Counter(number for number in numbers if number is not None)
    assert max(counted) <= NEWEST
    assert max(counted.values()) == 1


def test_docker_allows_no_more_than_the_filter() -> None:
    profile = seccomp.docker_profile()
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    rules = profile["syscalls"]
    assert isinstance(rules, list)
    assert {rule["action"] for rule in rules} == {"SCMP_ACT_ALLOW"}
    allowed = {name for group in ALLOWED.values() for name in group}
    plain = {name for rule in rules if "args" not in rule for name in rule["names"]}
    assert plain == allowed | {"prlimit64"}
    by_argument = {name for rule in rules if "args" in rule for name in rule["names"]}
    assert by_argument == seccomp._FILTERED.keys() - {"clone3", "prlimit64"}
