"""Puts what this process has mapped into large pages, and those into few mappings.

A fork copies every mapping, and page by page what was ever written to; the end of the run lets go
of all of it one by one, and what is mapped of a file a run has to map anew. A large page is handed
on in one step, the code in it too. That is half of what a bare fork of a warm interpreter costs. In
return all of it can be written to and executed: a run may do in its process whatever it likes.

Where the kernel makes no large pages when asked (before 6.1) everything stays as it is.
"""

import ctypes
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

_READ, _WRITE, _EXECUTE = 1, 2, 4
_LARGE_BYTES = 2 << 20
_PAGE_BYTES = 4096
"""Machines with other pages have other large ones."""
_MOST_BYTES = 256 << 20
"""All of it is memory in use from then on, also what of a library nobody ever needs."""
_PRIVATE_ANONYMOUS, _FIXED_IF_FREE = 0x22, 0x100000
_COLLAPSE = 25
"""MADV_COLLAPSE: make large pages of these now, whatever the machine does by itself."""
_MAY_MOVE_FIXED = 3
_CONTEXT_BYTES, _STACK_BYTES = 8192, 65536

_libc = ctypes.PyDLL(None)
_mmap = _libc.mmap
_mmap.restype = ctypes.c_void_p
_mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
_madvise, _mprotect, _munmap = _libc.madvise, _libc.mprotect, _libc.munmap
_madvise.argtypes = _mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_FAILED = ctypes.c_void_p(-1).value


class _Span(NamedTuple):
    """Addresses from where to where, and whether all between may be read and moved."""

    start: int
    end: int
    movable: bool


class _Context(ctypes.Structure):
    """What C continues with: the beginning of ucontext_t, see getcontext(3)."""

    _fields_ = [
        ("flags", ctypes.c_ulong),
        ("link", ctypes.c_void_p),
        ("stack", ctypes.c_void_p),
        ("stack_flags", ctypes.c_int),
        ("stack_bytes", ctypes.c_size_t),
        ("rest", ctypes.c_char * (_CONTEXT_BYTES - 40)),
    ]


def enlarge_pages() -> None:
    """Move all of this process but its stack. No other thread may run."""
    if os.sysconf("SC_PAGE_SIZE") != _PAGE_BYTES:
        return
    _fill_gaps(_mapped())
    # Kept to the end: memory that this list is given back could be memory that is being moved.
    spans = [*_joined(_mapped())]
    for span in spans:
        if span.movable and span.end - span.start <= _MOST_BYTES:
            _enlarge(span.start, span.end)


def _mapped() -> list[_Span]:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        return [_read(line) for line in maps]


def _read(line: str) -> _Span:
    place, rights, _, _, _, *path = line.split(None, 5)
    start, end = (int(address, 16) for address in place.split("-"))
    is_the_kernels = path and path[0].startswith("[") and path[0].strip() != "[heap]"
    return _Span(start, end, "r" in rights and not is_the_kernels)


def _fill_gaps(mapped: Iterable[_Span]) -> None:
    """Those that are smaller than a large page, so that what is beside them can be one."""
    for before, after in pairwise(mapped):
        gap = after.start - before.end
        if before.movable and after.movable and 0 < gap < _LARGE_BYTES:
            _mmap(before.end, gap, _READ, _PRIVATE_ANONYMOUS | _FIXED_IF_FREE, -1, 0)


def _joined(mapped: Iterable[_Span]) -> Iterator[_Span]:
    """What goes on without a gap."""
    start, end, movable = 0, 0, False
    for span in mapped:
        if (span.start, span.movable) != (end, movable):
            yield _Span(start, end, movable)
            start, movable = span.start, span.movable
        end = span.end


def _enlarge(start: int, end: int) -> None:
    """Copy this into large pages that lie to it as large pages do, and move these to its place."""
    before = start % _LARGE_BYTES
    size = -(-(before + end - start) // _LARGE_BYTES) * _LARGE_BYTES
    room_bytes = _LARGE_BYTES + size + 2 * (_CONTEXT_BYTES + _STACK_BYTES)
    room = _mmap(None, room_bytes, _READ | _WRITE, _PRIVATE_ANONYMOUS, -1, 0)
    if room == _FAILED:
        return
    copy = -(-room // _LARGE_BYTES) * _LARGE_BYTES
    for page in range(copy, copy + size, _LARGE_BYTES):
        ctypes.memset(page, 0, 1)  # none is made of what was never touched
    if (
        _madvise(copy, size, _COLLAPSE) == 0
        and _mprotect(copy, size, _READ | _WRITE | _EXECUTE) == 0
    ):
        _copy_and_move(start, copy + before, end - start, copy + size)
        # Only what is beside it: where it was something else may be by now.
        rest = copy + before + end - start
        _munmap(room, copy + before - room)
        _munmap(rest, room + room_bytes - rest)
    else:
        _munmap(room, room_bytes)


def _copy_and_move(place: int, copy: int, size: int, aside: int) -> None:
    """Both without a line of Python between them, which would write to what was copied already: in
    contexts of C, each of which goes on with the next. They and their stacks lie `aside`."""
    copying = _Context.from_address(aside)
    moving = _Context.from_address(aside + _CONTEXT_BYTES)
    returning = _Context()
    stack = aside + 2 * _CONTEXT_BYTES
    _prepare(copying, moving, stack, _libc.memmove, copy, place, size)
    stack += _STACK_BYTES
    _prepare(moving, returning, stack, _libc.mremap, copy, size, size, _MAY_MOVE_FIXED, place)
    _libc.swapcontext(ctypes.byref(returning), ctypes.byref(copying))


def _prepare(
    context: _Context, following: _Context, stack: int, function: Callable[..., Any], *numbers: int
) -> None:
    """Have `context` call `function` with these and go on with the one following."""
    _libc.getcontext(ctypes.byref(context))
    context.link = ctypes.addressof(following)
    context.stack, context.stack_bytes = stack, _STACK_BYTES
    given = [ctypes.c_void_p(number) for number in numbers]
    _libc.makecontext(ctypes.byref(context), function, len(given), *given)
