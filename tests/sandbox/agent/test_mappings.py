"""A process goes on as before, with fewer mappings, when those of its libraries are merged."""

import subprocess
import sys
from pathlib import Path

AGENTS_PLACE = Path(__file__).parents[3] / "sandbox"
MERGE = """
import ctypes, decimal, json, os, sys
from agent.mappings import mappings, merge_mappings
def of_libraries():
    return [each for each in mappings() if ".so" in each.path]
before = of_libraries()
merge_mappings()
after = of_libraries()
import cmath, fcntl, mmap  # libraries that come later, and find what they need in the others
print(sum(each.end - each.start for each in before) == sum(each.end - each.start for each in after))
print(len(after) < 0.6 * len(before), {each.rights for each in after} <= {"r-xp", "rw-p", "r--p"})
if os.fork() == 0:
    print(decimal.Decimal(1) / 8, json.loads("[1]"), cmath.sqrt(-1))
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_libraries_take_fewer_mappings_and_go_on() -> None:
    done = subprocess.run(
        [sys.executable, "-u", "-c", MERGE], cwd=AGENTS_PLACE, capture_output=True, check=True
    )
    assert done.stdout.decode() == "True\nTrue True\n0.125 [1] 1j\n0\n"
