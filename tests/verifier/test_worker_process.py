"""The math child that a worker begins with is the one that its judge gets."""

import os
from pathlib import Path

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
    early = zygotes() - before
    assert len(early) == 1
    first, second = MathChild(), MathChild()
    try:
        assert len(zygotes() - before) == 2
        request = {"reference": "2", "answer": "1+1", "values_only": False}
        assert first.ask(request, 5)["same"]
    finally:
        first.close()
        assert not early & zygotes()
        second.close()
