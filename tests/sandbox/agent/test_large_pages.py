"""A process goes on as before, in few mappings, when all of it has been moved into large pages."""

import mmap
import subprocess
import sys
import time
from pathlib import Path

import pytest

AGENTS_PLACE = Path(__file__).parents[3] / "sandbox"
MOVE = """
import ctypes, decimal, json, os, random, re, threading, traceback
from agent.large_pages import enlarge_pages
def of_libraries():
    return sum(".so" in line for line in open("/proc/self/maps"))
def large():
    inside = ctypes.cast(ctypes.pythonapi.Py_IncRef, ctypes.c_void_p).value
    found = 0
    for line in open("/proc/self/smaps"):
        if re.match("[0-9a-f]+-", line):
            first, last = (int(part, 16) for part in line.split()[0].split("-"))
        elif line.startswith("AnonHugePages:") and first <= inside < last:
            found = int(line.split()[1])
    return found
kept = [random.random() for _ in range(100_000)]  # in arenas, and in the program's own heap
text = json.dumps(kept)
few = large(), of_libraries()
enlarge_pages()
print(few[0], large() > 0, of_libraries(), json.dumps(kept) == text)
import cmath, fcntl, sqlite3  # libraries that come later, and find what they need in the others
try:
    json.loads("{")
except ValueError:
    print("Expecting property name" in traceback.format_exc())
seen = []
thread = threading.Thread(target=lambda: seen.append(decimal.Decimal(1) / 8))
thread.start(), thread.join()
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda number: seen.append(number) or 0)
compare(7)
more = [bytearray(300) for _ in range(100_000)]  # the heap grows on behind what was moved
if os.fork() == 0:
    del kept, more
    print(seen, cmath.sqrt(-1), sqlite3.connect(":memory:").execute("select 6 * 7").fetchall())
    os._exit(0 if eval("sum(range(1000))") == 499500 else 1)
print(os.waitstatus_to_exitcode(os.wait()[1]), json.dumps(kept) == text)
"""
COLLAPSE = 25
MOST_S = 200.0


def _are_made_here() -> bool:
    with mmap.mmap(-1, 4 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.write(bytes(4 << 20))
        try:
            memory.madvise(COLLAPSE)
        except OSError:
            return False
    return mmap.PAGESIZE == 4096


def _said() -> list[str]:
    """What a process said that was moved, line by line."""
    done = subprocess.run(
        [sys.executable, "-u", "-c", MOVE], cwd=AGENTS_PLACE, capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()


@pytest.mark.skipif(not _are_made_here(), reason="this kernel makes no large pages when asked")
def test_a_process_goes_on_in_large_pages() -> None:
    moved = "0 True 0 True"
    until = time.monotonic() + MOST_S
    while (said := _said())[0] != moved and time.monotonic() < until:
        pass  # where much memory is in use the kernel may have no large page at the moment
    assert said == [
        moved,
        "True",
        "[Decimal('0.125'), 7] 1j [(42,)]",
        "0 True",
    ]
