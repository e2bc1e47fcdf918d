"""The interpreter goes on as before when its code has been moved into large pages."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

AGENTS_PLACE = Path(__file__).parents[3] / "sandbox"
MOVE = """
import ctypes, decimal, json, os, re, threading, traceback
from agent.large_pages import enlarge_code_pages
def large():
    inside = ctypes.cast(ctypes.pythonapi.Py_IncRef, ctypes.c_void_p).value
    found = 0
    for line in open("/proc/self/smaps"):
        if re.match("[0-9a-f]+-", line):
            first, last = (int(part, 16) for part in line.split()[0].split("-"))
        elif line.startswith("AnonHugePages:") and first <= inside < last:
            found = int(line.split()[1])
    return found
before = large()
enlarge_code_pages()
after = large()
try:
    json.loads("{")
except ValueError:
    trace = traceback.format_exc()
seen = []
thread = threading.Thread(target=lambda: seen.append(decimal.Decimal(1) / 8))
thread.start(), thread.join()
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda number: seen.append(number) or 0)
compare(7)
if os.fork() == 0:
    print(before, after > before, seen, "Expecting property name" in trace)
    os._exit(0 if eval("sum(range(1000))") == 499500 else 1)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
COLLAPSE = 25


def _are_made_here() -> bool:
    with mmap.mmap(-1, 4 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.write(bytes(4 << 20))
        try:
            memory.madvise(COLLAPSE)
        except OSError:
            return False
    return mmap.PAGESIZE == 4096


@pytest.mark.skipif(not _are_made_here(), reason="this kernel makes no large pages when asked")
def test_interpreter_goes_on_in_large_pages() -> None:
    done = subprocess.run(
        [sys.executable, "-u", "-c", MOVE], cwd=AGENTS_PLACE, capture_output=True, check=True
    )
    assert done.stdout.decode() == "0 True [Decimal('0.125'), 7] True\n0\n"
