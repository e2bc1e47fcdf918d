"""Has returned values compared in a child process with a budget of CPU time.

The child (`verifier.programs.evaluator.zygote`) reads what candidates' processes wrote and compares
it with what is expected; here bytes are moved, and nothing of them is looked at. So no answer,
however it is made (a hundred thousand integers of one hash, say), holds up the worker for longer
than its budget. It is charged to the rollout: who exceeds it gets what a slow program gets.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence

from sandbox import JailFault
from sandbox.jail import Calls
from verifier.children.messages import HungUp, receive, send
from verifier.children.warm_child import ChildLost, Crashed, LimitReached, WarmChild
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth, CallTruth, Outcome, Verdict
from verifier.outcomes import failed
from verifier.programs.assertions import Unsupported
from verifier.programs.evaluator.transcript import Recorded, Transcript
from verifier.wire import decode_verdict

BUDGET_S = 5.0
"""CPU seconds for one rollout. Right answers to a LeetCode suite of a hundred calls take a few
milliseconds in all, the largest that one call may give under two seconds."""
ANSWER_S = 0.001
"""And these for every answer: a test program that the referee runs may ask for very many."""


class Evaluator(WarmChild):
    """Judges calls by their answers. Belongs to one thread."""

    def __init__(self) -> None:
        """Starts the zygote; its imports go on while the caller does other things."""
        super().__init__("verifier.programs.evaluator.zygote")
        self._told: tuple[int, AssertTruth | CallTruth] | None = None
        """The truth that the child of this process id has."""
        self._right: tuple[AssertTruth | CallTruth, Transcript, Verdict] | None = None
        """What the first right program was asked and answered, of those judged by this truth."""

    def reads(self, truth: AssertTruth) -> bool:
        """Whether the trusted side can read this suite; else it is the referee's.

        Raises GroundTruthError where it is none, and JailFault."""
        try:
            try:
                self.judge("read", truth, [])
            except JailFault:
                self.judge("read", truth, [])  # another child
        except Unsupported:
            return False
        return True

    def judge(
        self, way: str, truth: AssertTruth | CallTruth, calls: Sequence[Calls], *more: object
    ) -> Verdict:
        """The verdict on these calls, in a way of `verifier.programs.evaluator.zygote.WAYS`.

        Raises Unsupported where only the referee can tell, GroundTruthError, and JailFault."""
        ahead = None
        if self._right is not None and self._right[0] is truth and len(calls) == 1:
            _, transcript, verdict = self._right
            ahead = transcript.ask(calls[0])
            if ahead is None:
                return verdict
        recorded = [Recorded(each, ahead) for each in calls]
        verdict = self._evaluate(way, truth, recorded, *more)
        is_first = self._right is None or self._right[0] is not truth
        if is_first and len(calls) == 1 and verdict.outcome is Outcome.CORRECT:
            transcript = recorded[0].transcript
            self._right = (truth, transcript, verdict) if transcript.is_whole else None
        return verdict

    def _evaluate(
        self,
        way: str,
        truth: AssertTruth | CallTruth,
        calls: Sequence[Recorded],
        *more: object,
    ) -> Verdict:
        try:
            kind, content = self._talk(way, truth, more, calls)
        except LimitReached as error:
            return _exceeded(error, calls)
        except ChildLost as error:
            raise JailFault(f"the evaluator was lost: {error}") from error
        match kind:
            case b"V":
                return decode_verdict(json.loads(content))[1]
            case b"J":
                raise JailFault(content.decode())
            case b"M":
                return _exceeded(Crashed(), calls)
            case b"B":
                raise Unsupported(content.decode())
            case b"U":
                raise GroundTruthError(content.decode())
        raise RuntimeError("the evaluator failed; the log says more")

    def _talk(
        self,
        way: str,
        truth: AssertTruth | CallTruth,
        more: tuple[object, ...],
        calls: Sequence[Recorded],
    ) -> tuple[bytes, bytes]:
        """Send the task, then move bytes until the child says how it ended."""
        child = self._ready()
        is_new = self._told is None or self._told[0] != self.pid or self._told[1] is not truth
        try:
            limit_s = self._cpu_used() + BUDGET_S
            send(child, _task(way, truth if is_new else None, more))
            self._told = (self.pid, truth)
            while True:
                self._await_reply(limit_s + ANSWER_S * _answers(calls))
                message = receive(child)
                if message[:1] != b"X":
                    return message[:1], message[1:]
                exchanged = calls[message[1]].exchange(_parts(message[2:]))
                send(child, pickle.dumps(exchanged))
        except (OSError, HungUp):
            self._raise_for_end()
        except BaseException:
            self._drop()
            raise


def _answers(calls: Sequence[Recorded]) -> int:
    return sum(each.answers for each in calls)


def _task(*task: object) -> bytes:
    """Raises GroundTruthError for data nested so deeply that it cannot be carried."""
    try:
        return pickle.dumps(task)
    except RecursionError:
        raise GroundTruthError(
            "The ground truth cannot be used: it holds data that is nested too deeply."
        ) from None


def _exceeded(reached: LimitReached, calls: Sequence[Recorded]) -> Verdict:
    """What it means that comparing the answers so far took more than there is for it.

    Raises GroundTruthError where there was none."""
    if not _answers(calls):
        raise GroundTruthError(
            "The ground truth cannot be used: reading it takes more time or memory than it has."
        )
    if isinstance(reached, Crashed):
        outcome, what = Outcome.MEMORY_LIMIT_EXCEEDED, "memory"
    else:
        outcome, what = Outcome.TIME_LIMIT_EXCEEDED, "CPU time"
    return failed(outcome, 0, None, message=f"To compare what it returned took too much {what}.")


def _parts(message: bytes) -> list[bytes]:
    """Requests, each with its length before it."""
    parts, at = [], 0
    while at < len(message):
        end = at + 4 + int.from_bytes(message[at : at + 4], "big")
        parts.append(message[at + 4 : end])
        at = end
    return parts
