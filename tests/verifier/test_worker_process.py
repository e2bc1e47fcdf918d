"""The math child that a worker begins with is the one that its judge gets."""

import os
from pathlib import Path

from tests.verifier.dispatch.servers import wait_until
from verifier.children.warm_child import start_early
from verifier.math.child import MathChild
from verifier.worker_process import MATH


def zygotes() -> set[int]:
    """Those of this process."""
    below = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    children = {int(pid) for listed in below for pid in listed.read_text().split()}
    return {pid for pid in children if MATH.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_a_child_that_was_started_early_is_the_first_ones_and_only_that() -> None:
    before = zygotes()
    start_early(MATH)
    wait_until(lambda: len(zygotes() - before) == 1, "it is there")
    (early,) = zygotes() - before
    first, second = MathChild(), MathChild()
    try:
        wait_until(lambda: len(zygotes() - before) == 2, "one more is there")
        request = {"reference": "2", "answer": "1+1", "values_only": False}
        assert first.ask(request, 5)["same"]
        first.close()
        wait_until(lambda: early not in zygotes(), "the first one's is gone")
    finally:
        first.close()
        second.close()
