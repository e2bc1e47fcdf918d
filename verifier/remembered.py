"""Verdicts on programs, remembered by all that they follow from, so that nothing is run twice.

Only what another run would come to as well is remembered (docs/decisions/010-judging-less.md): of
programs in Python in whose text, and in whose ground truth's, nothing can tell two runs apart, and
far from every limit. A verdict is only given to whom it was given before: how soon an answer comes
would tell others that the same program was judged.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256

from sandbox import PYTHON, Limits
from verifier.errors import VerifierError
from verifier.model import (
    ANY_LANGUAGE,
    AssertTruth,
    CallTruth,
    GroundTruth,
    JudgingProgram,
    MathTruth,
    Outcome,
    StdinTruth,
    Verdict,
)
from verifier.programs.assertions.plain_lines import without_plain_lines
from verifier.programs.luck import may_be_lucky

VARIABLE = "VERIFIER_REMEMBERED_VERDICTS"
MOST = 65_536
"""Verdicts, of about a kilobyte each."""
NEAR_SHARE = 0.5
"""Of a limit. What takes more may be over it the next time, or have been by chance: whether an
identical program is, only running it tells."""

MAY_LAST = frozenset(
    {
        Outcome.CORRECT,
        Outcome.WRONG_ANSWER,
        Outcome.COMPILE_ERROR,
        Outcome.RUNTIME_ERROR,
    }
)
Key = bytes


class Remembered:
    """The verdicts used last, at most so many. Belongs to one thread."""

    def __init__(self, most: int | None = None) -> None:
        """With `most` 0 it remembers nothing; None: what the environment says.

        Raises VerifierError where that is no number."""
        self._most = most_from_environment(os.environ) if most is None else most
        self._verdicts: OrderedDict[Key, Verdict] = OrderedDict()

    def key(self, owner: str, truth_digest: bytes, *more: object) -> Key | None:
        """By which a verdict is found again; None where nothing is remembered. `more`: whatever
        else it follows from."""
        if not self._most:
            return None
        return sha256(truth_digest + repr((owner, *more)).encode("utf-8", "surrogatepass")).digest()

    def verdict(self, key: Key) -> Verdict | None:
        """The one that was kept under this key."""
        if (found := self._verdicts.get(key)) is not None:
            self._verdicts.move_to_end(key)
        return found

    def keep(self, key: Key, verdict: Verdict) -> None:
        """Have it found by this key from now on."""
        self._verdicts[key] = verdict
        if len(self._verdicts) > self._most:
            self._verdicts.popitem(last=False)


def is_repeatable(truth: GroundTruth | Verdict) -> bool:
    """Whether nothing of chance can be seen in what a ground truth runs beside programs, which are
    in Python: of others' chance (memory that nobody set, orders of maps) no word tells."""
    if isinstance(truth, MathTruth | Verdict) or truth.language not in (PYTHON, ANY_LANGUAGE):
        return False
    return not any(map(may_be_lucky, _texts(truth)))


def _texts(truth: StdinTruth | CallTruth | AssertTruth) -> list[str]:
    if isinstance(truth, StdinTruth):
        judges = (truth.checker, truth.interactor)
        return [each.source for each in judges if isinstance(each, JudgingProgram)]
    test = truth.test if isinstance(truth, AssertTruth) else ""
    return [truth.setup, without_plain_lines(test)]  # data has no luck


def is_sure(verdict: Verdict, limits: Limits, took_s: float) -> bool:
    """Whether it follows from the program and cannot be otherwise at another load. `took_s` is
    what judging took of wall time."""
    failure = str((verdict.first_failure or {}).get("message", ""))
    if verdict.outcome not in MAY_LAST or "No module named" in failure:
        return False  # the next jail may be of an image that has it
    if verdict.strain is not None:
        return verdict.strain < NEAR_SHARE
    took_s = max(took_s, verdict.cpu_s or 0.0)
    return took_s <= NEAR_SHARE * min(limits.cpu_s, limits.wall_s)


def most_from_environment(environment: Mapping[str, str]) -> int:
    """How many verdicts a worker remembers. Raises VerifierError."""
    given = environment.get(VARIABLE, str(MOST))
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise VerifierError(f"{VARIABLE} must be a number of verdicts, 0 for none, not {given!r}.")
    return int(given)
