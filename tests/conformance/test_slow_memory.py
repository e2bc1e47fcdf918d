"""A program that fills its memory failed for that, also where its CPU time was over first because
each page cost the machine long: imitated by pages that cost kernel time on purpose."""

import pytest

from sandbox import Limits, Program, Status
from sandbox.model import MIB
from sandbox.pool import JailPool

pytestmark = pytest.mark.slow

LIMITS = Limits(cpu_s=0.25, wall_s=0.5, memory_bytes=64 * MIB, output_bytes=MIB)
FILLED_AFTER_S = 0.5
"""CPU time: twice as much as there is, and half of what filling may take."""
FILL = f"""
import time
buffer = bytearray(MIB)
kept = []
def use(share, costly):
    "Up to this share of the memory; a page costs what `costly` does."
    while len(kept) * MIB < share * {LIMITS.memory_bytes}:
        kept.append(bytearray(MIB))
        while time.process_time() < len(kept) * MIB / {LIMITS.memory_bytes} * {FILLED_AFTER_S}:
            costly()
zeros = open("/dev/zero", "rb", buffering=0)
in_kernel = lambda: zeros.readinto(buffer)
in_program = lambda: sum(range(1000))
def f():
    BODY
""".replace("MIB", str(MIB))
BODIES = [
    ("use(2, in_kernel)", Status.MEMORY_LIMIT),
    # The controls: what they ran into is the time, whatever else they did.
    ("use(2, in_program)", Status.TIME_LIMIT),
    ("use(0.8, in_kernel); return 1", Status.TIME_LIMIT),
    ("use(0.8, in_kernel)\n    while True: in_kernel()", Status.TIME_LIMIT),
    ("use(0.8, in_kernel)\n    while True: time.sleep(1)", Status.TIME_LIMIT),
    ("\n    try: use(2, in_kernel)\n    except MemoryError: kept.clear()", Status.TIME_LIMIT),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_of_memory_and_time_the_one_that_was_run_into_is_named(
    pool: JailPool, body: str, status: Status
) -> None:
    source = FILL.replace("BODY", body)
    with pool.jail() as jail, jail.load(Program(f"{source}\nf()"), LIMITS) as script:
        assert script.run(b"").status is status


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_of_memory_and_time_the_one_that_a_call_ran_into_is_named(
    pool: JailPool, body: str, status: Status
) -> None:
    source = FILL.replace("BODY", body)
    with pool.jail() as jail, jail.open_calls(Program(source), "f", LIMITS) as calls:
        assert calls.call([], {}).status is status
        assert calls.call([], {}).status is status, "it is over, and answers no more"
