"""Puts the interpreter's code into large pages, which a fork shares in one step.

Pages of a file are handed on by no fork: every run would map the code that it comes to piece by
piece, and unmap it in the end, which is a twelfth of what a short run costs. Without large pages (a
kernel before 6.1, a machine with others) everything stays as it is.
"""

import ctypes
import os

from .mappings import EXECUTE, READ, WRITE, mappings

_LARGE_BYTES = 2 << 20
_PAGE_BYTES = 4096
"""Machines with other pages have other large ones."""
_PRIVATE_ANONYMOUS = 0x22
_COLLAPSE = 25
"""MADV_COLLAPSE: make large pages of these now, whatever the machine does by itself."""
_MAY_MOVE_FIXED = 3

_libc = ctypes.PyDLL(None)
_mmap, _mremap = _libc.mmap, _libc.mremap
_mmap.restype = _mremap.restype = ctypes.c_void_p
_mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
_mremap.argtypes = [
    ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p,
]  # fmt: skip
_madvise, _mprotect, _munmap = _libc.madvise, _libc.mprotect, _libc.munmap
_madvise.argtypes = _mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_FAILED = ctypes.c_void_p(-1).value


def enlarge_code_pages() -> None:
    """Move what is read and executed of the interpreter, as far as it fills large pages. No other
    thread may run."""
    start, end = _interpreter()
    start, end = -(-start // _LARGE_BYTES) * _LARGE_BYTES, end // _LARGE_BYTES * _LARGE_BYTES
    size = end - start
    if size <= 0 or os.sysconf("SC_PAGE_SIZE") != _PAGE_BYTES:
        return
    room = _mmap(None, size + _LARGE_BYTES, READ | WRITE, _PRIVATE_ANONYMOUS, -1, 0)
    if room == _FAILED:
        return
    copy = -(-room // _LARGE_BYTES) * _LARGE_BYTES
    ctypes.memmove(copy, start, size)
    if _madvise(copy, size, _COLLAPSE) == 0 and _mprotect(copy, size, READ | EXECUTE) == 0:
        _mremap(copy, size, size, _MAY_MOVE_FIXED, start)
    _munmap(room, size + _LARGE_BYTES)  # what is still there of it


def _interpreter() -> tuple[int, int]:
    """Where the interpreter's code and constants are, be it a program or a library."""
    inside = ctypes.cast(ctypes.pythonapi.Py_IncRef, ctypes.c_void_p).value or 0
    start, end, source = 0, 0, ""
    for mapping in mappings():
        if "w" in mapping.rights or (mapping.start, mapping.path) != (end, source):
            if start <= inside < end:
                break
            start, source = mapping.start, mapping.path
        end = mapping.end if "w" not in mapping.rights else start
    return start, end
