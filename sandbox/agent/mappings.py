"""What this process has mapped into its address space, and how to make fewer things of it.

A fork copies every mapping and its end lets go of each. A library comes as five: the rights of its
parts differ, which keeps mistakes of its own from doing harm. A run may do in its process whatever
it likes, and two will do for it: a fifteenth of what a short run costs.
"""

import ctypes
from collections.abc import Iterable, Iterator
from typing import NamedTuple

READ, WRITE, EXECUTE = 1, 2, 4

_mprotect = ctypes.PyDLL(None).mprotect
_mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class Mapping(NamedTuple):
    """One of them: from where to where, its rights as in `r-xp`, and where in which file it is."""

    start: int
    end: int
    rights: str
    offset: int
    path: str


def mappings() -> list[Mapping]:
    """In the order of their addresses."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        return [_read(line) for line in maps]


def _read(line: str) -> Mapping:
    place, rights, offset, _, _, *path = line.split(None, 5)
    start, end = (int(address, 16) for address in place.split("-"))
    return Mapping(start, end, rights, int(offset, 16), "".join(path).rstrip())


def merge_mappings() -> None:
    """Give all that is read or executed of a library both rights, and all that is written now, or
    was by the loader, both others: the kernel makes one mapping of what goes on alike. What it does
    not allow stays as it is."""
    for parts in _going_on(mappings()):
        rights = {right for part in parts for right in part.rights}
        if len(parts) > 1 and rights <= {*"r-xp"}:
            _protect(parts, READ | EXECUTE)
        elif len(parts) > 1 and rights <= {*"r-wp"}:
            _protect(parts, READ | WRITE)


def _going_on(found: Iterable[Mapping]) -> Iterator[list[Mapping]]:
    """Those that go on where the one before ends, in memory and in the same file."""
    parts: list[Mapping] = []
    for mapping in found:
        if parts and mapping.path and _follows(parts[-1], mapping):
            parts.append(mapping)
        else:
            yield parts
            parts = [mapping]
    yield parts


def _follows(before: Mapping, mapping: Mapping) -> bool:
    end_in_file = before.offset + before.end - before.start
    return (before.path, before.end, end_in_file) == (mapping.path, mapping.start, mapping.offset)


def _protect(parts: list[Mapping], rights: int) -> None:
    start = parts[0].start
    _mprotect(start, parts[-1].end - start, rights)
