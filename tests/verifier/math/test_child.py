"""The math child: killed from outside, replaced at once, gone with its parent."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from verifier.math import MathJudge
from verifier.math.child import ChildLost, LimitReached, MathChild
from verifier.math.settings import MathSettings
from verifier.model import MathTruth, Outcome

PAIR = {"reference": "x^2-1", "answer": "(x-1)(x+1)", "values_only": False}


@pytest.fixture(scope="module")
def child() -> Iterator[MathChild]:
    """What becomes of it in one test is nothing to the next: that is what most are about."""
    child = MathChild()
    yield child
    child.close()


def _is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def test_it_compares(child: MathChild) -> None:
    assert child.ask(PAIR, cpu_s=5)["same"] is True


def test_one_child_answers_many_requests(child: MathChild) -> None:
    child.ask(PAIR, cpu_s=5)
    pid = child.pid
    child.ask(PAIR, cpu_s=5)
    assert child.pid == pid


def test_one_that_overruns_its_cpu_time_is_killed_and_replaced(child: MathChild) -> None:
    child.ask(PAIR, cpu_s=5)
    first = child.pid
    with pytest.raises(LimitReached):
        child.ask(PAIR, cpu_s=0)
    assert child.ask(PAIR, cpu_s=5)["same"] is True
    assert child.pid != first
    assert _is_gone(first)


def test_work_without_end_costs_its_limit_and_the_next_pair_nothing(child: MathChild) -> None:
    endless = {
        "reference": "\\int \\frac{x^{9}\\sin x}{1+x^{8}} dx",
        "answer": "\\int \\frac{x^{9}\\sin x}{x^{8}+1+\\cos x} dx",
        "values_only": False,
    }  # math-verify integrates for half a minute and more
    for _ in range(2):
        with pytest.raises(LimitReached):
            child.ask(endless, cpu_s=0.3)
        assert child.ask(PAIR, cpu_s=5)["same"] is True


def test_a_stopped_child_is_not_a_busy_one(
    child: MathChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.children.warm_child.SLEEP_LIMIT_S", 0.1)
    child.ask(PAIR, cpu_s=5)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildLost):
        child.ask(PAIR, cpu_s=0.05)
    assert child.ask(PAIR, cpu_s=5)["same"] is True


def test_one_killed_by_someone_else_is_replaced(child: MathChild) -> None:
    child.ask(PAIR, cpu_s=5)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(ChildLost):
        child.ask(PAIR, cpu_s=5)
    assert child.ask(PAIR, cpu_s=5)["same"] is True


def test_one_that_crashed_is_held_against_the_pair(child: MathChild) -> None:
    child.ask(PAIR, cpu_s=5)
    os.kill(child.pid, signal.SIGSEGV)
    with pytest.raises(LimitReached):
        child.ask(PAIR, cpu_s=5)


def test_a_lost_zygote_is_replaced_too(child: MathChild) -> None:
    child.ask(PAIR, cpu_s=5)
    assert child._zygote is not None
    child._zygote.kill()
    child._zygote.wait()
    while not _is_gone(child.pid):
        pass
    with pytest.raises(ChildLost):
        child.ask(PAIR, cpu_s=5)
    assert child.ask(PAIR, cpu_s=5)["same"] is True


def test_it_may_be_used_in_a_process_with_threads() -> None:
    replies: list[object] = []

    def use() -> None:
        with contextlib.closing(MathChild()) as child:
            replies.append(child.ask(PAIR, cpu_s=5)["same"])

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert replies == [True]


def test_both_processes_end_with_their_parent() -> None:
    script = (
        "from verifier.math.child import MathChild\n"
        "child = MathChild()\n"
        f"child.ask({PAIR!r}, cpu_s=5)\n"
        "print(child.pid, child._zygote.pid, flush=True)\n"
        "input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.communicate()
    for pid in pids:
        while not _is_gone(pid):  # the test's own timeout ends this
            pass


def test_a_child_that_is_killed_twice_over_one_pair_is_our_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = MathJudge(MathSettings())
    ask = MathChild.ask

    def killed(child: MathChild, request: dict[str, object], cpu_s: float) -> dict[str, object]:
        ask(child, PAIR, 5)
        os.kill(child.pid, signal.SIGKILL)
        return ask(child, request, cpu_s)

    try:
        with monkeypatch.context() as patched:
            patched.setattr(MathChild, "ask", killed)
            lost = judge.judge(MathTruth(("x^2-1",)), "\\boxed{(x-1)(x+1)}", truncated=False)
        assert lost.outcome is Outcome.VERIFIER_ERROR
        again = judge.judge(MathTruth(("x^2-1",)), "\\boxed{(x-1)(x+1)}", truncated=False)
        assert again.outcome is Outcome.CORRECT, "an error of ours must not be remembered"
    finally:
        judge.close()
