"""Judges final answers: extract, normalise, decide at sight, else ask the math child."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from sandbox.counting import count
from verifier.excerpts import text_excerpt
from verifier.math.child import ChildLost, LimitReached, MathChild
from verifier.math.damage import is_broken, repaired
from verifier.math.extraction import FinalAnswers, boxed_answer, find_answers
from verifier.math.literals import choice_labelled_loosely, read_choice, split_choice
from verifier.math.normalising import MAX_CHARS, normalise
from verifier.math.settings import MathSettings
from verifier.math.shortcuts import decide_at_sight
from verifier.model import NO_RULES, AnswerRules, MathTruth, Outcome, Verdict
from verifier.outcomes import unusable

MAX_REMEMBERED = 20_000
"""Pairs whose results are kept."""
MAX_DISTINCT_ANSWERS = 8
"""A completion with more different final answers hedges, whatever they are."""
ATTEMPTS = 2

_NOTHING = re.compile(r"(?:\\text\{)?(?:nan|null|n/a)?\}?", re.IGNORECASE)
_NO_ANSWER = Verdict(
    outcome=Outcome.NO_ANSWER,
    message="The completion has no boxed and no plainly stated final answer.",
)


@dataclass(frozen=True, slots=True)
class _Result:
    """What a pair of texts came to. `fault` is set where the reference cannot be used."""

    same: bool
    how: str
    fault: str | None = None


class MathJudge:
    """Judges final parts one after another; owns the math child. Belongs to one thread."""

    def __init__(self, settings: MathSettings | None = None) -> None:
        self._settings = MathSettings.from_environment(os.environ) if settings is None else settings
        self._child = MathChild()
        self._tolerance: float | None = None
        self._remembered: OrderedDict[tuple[str, str, float | None], _Result] = OrderedDict()
        self._faults: OrderedDict[str, str | None] = OrderedDict()

    def close(self) -> None:
        """End the math child."""
        self._child.close()

    def judge(
        self, truth: MathTruth, final: str, *, truncated: bool, rules: AnswerRules = NO_RULES
    ) -> Verdict:
        """The verdict on the text after the thinking. `truncated`: it was cut off at its end.
        `rules`: the batch's, for what the ground truth leaves open."""
        rules = truth.rules.or_else(rules)
        references = _references(truth.answers, bool(rules.decimal_comma))
        if isinstance(references, Verdict):
            return references
        found = find_answers(final, truncated=truncated, extraction=rules.extraction or "stated")
        if found is None:
            return _NO_ANSWER
        shown = text_excerpt(found.texts[-1].strip())
        readings = [
            answers
            for texts in self._readings(found, rules)
            if (answers := _answers(texts, bool(rules.decimal_comma)))
        ]
        if not readings:
            return _NO_ANSWER
        self._tolerance = rules.tolerance
        try:
            outcome, how, message = self._judge_readings(references, readings)
        except ChildLost as error:
            return Verdict(outcome=Outcome.VERIFIER_ERROR, answer=shown, message=str(error))
        return Verdict(outcome=outcome, answer=shown, how=how, message=message)

    def _readings(self, found: FinalAnswers, rules: AnswerRules) -> list[tuple[str, ...]]:
        """What may count as the answers given; those of one reading must all be right."""
        several = rules.several_boxes or self._settings.several_boxes
        if several == "list" and found.boxed:
            return [(", ".join(found.apart or found.texts),)]
        if several == "last":
            return [texts[-1:] for texts in (found.texts, found.apart) if texts]
        return [texts for texts in dict.fromkeys((found.texts, found.apart)) if texts]

    def _judge_readings(
        self, references: tuple[str, ...], readings: list[list[str]]
    ) -> tuple[Outcome, str | None, str | None]:
        """The first reading that is right, else what the first came to."""
        first = self._judge_all(references, readings[0])
        if first[0] is Outcome.WRONG_ANSWER:
            for answers in readings[1:]:
                other = self._judge_all(references, answers)
                if other[0] is Outcome.CORRECT:
                    return other
        return first

    def _judge_all(
        self, references: tuple[str, ...], answers: list[str]
    ) -> tuple[Outcome, str | None, str | None]:
        """The last answer decides, unless one before it says something else."""
        result = self._judge_one(references, answers[-1])
        if result.fault is not None:
            return Outcome.INVALID_GROUND_TRUTH, None, f"The reference is unusable: {result.fault}."
        if not result.same:
            return Outcome.WRONG_ANSWER, result.how, None
        others = set(answers) - {answers[-1]} if len(answers) > 1 else ()
        if len(others) >= MAX_DISTINCT_ANSWERS or not all(
            self._judge_one(references, other).same for other in others
        ):
            return Outcome.WRONG_ANSWER, "hedging", "It gives several different final answers."
        return Outcome.CORRECT, result.how, None

    def _judge_one(self, references: tuple[str, ...], answer: str) -> _Result:
        """The result against the first reference that the answer is, else against the first that
        can be used."""
        worst: _Result | None = None
        for reference in references:
            result = self._compare(reference, answer)
            if result.same:
                return result
            if worst is None or worst.fault is not None:
                worst = result
        assert worst is not None
        return worst

    def _compare(self, reference: str, answer: str) -> _Result:
        decided = decide_at_sight(reference, answer)
        if decided is not None and (decided.same or self._tolerance is None):
            return _Result(decided.same, decided.how)
        pair = (reference, answer, self._tolerance)
        is_known = pair in self._remembered
        count("remembered", "math", "hit" if is_known else "miss")
        if is_known:
            self._remembered.move_to_end(pair)
            return self._remembered[pair]
        result = self._compare_choices(reference, answer)
        if result.how == "limit":
            return result  # another try may end within it: no verdict for who answers the same
        self._remembered[pair] = result
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return result

    def _compare_choices(self, reference: str, answer: str) -> _Result:
        """Choices given in full are compared by what both sides give of letter and text."""
        mine, yours = split_choice(reference), split_choice(answer)
        if mine is None and (letter := read_choice(reference)) and letter.isupper():
            answer = choice_labelled_loosely(answer) or answer
            if decided := decide_at_sight(reference, answer):
                return _Result(decided.same, "choice")
        if mine is None and yours is None:
            return self._compare_slowly(reference, answer)
        labels = decide_at_sight(mine[0] if mine else reference, yours[0] if yours else answer)
        if labels is not None and labels.how in ("choice", "string"):
            if not labels.same or mine is None or yours is None:
                return _Result(labels.same, "choice")
            return self._compare(mine[1], yours[1])
        return self._compare(mine[1] if mine else reference, yours[1] if yours else answer)

    def _compare_slowly(self, reference: str, answer: str) -> _Result:
        if len(reference) > MAX_CHARS or len(answer) > MAX_CHARS:
            return _Result(same=False, how="limit")
        fault = self._fault_of(reference)
        if fault is not None:
            return _Result(same=False, how="limit", fault=fault)
        values_only = self._settings.values_only
        request = {
            "reference": reference,
            "answer": answer,
            "values_only": values_only,
            "tolerance": self._tolerance,
        }
        try:
            reply = self._ask(request)
        except LimitReached:
            return _Result(same=False, how="limit")
        return _Result(bool(reply["same"]), str(reply["how"]))

    def _fault_of(self, reference: str) -> str | None:
        """Why a reference cannot be used; it is computed once, apart from any answer."""
        if reference not in self._faults:
            try:
                reply = self._ask({"reference": reference})["fault"]
                fault = None if reply is None else str(reply)
            except LimitReached:
                fault = f"it takes more than {self._settings.cpu_s:g} s of CPU time to work out"
            self._faults[reference] = fault
            if len(self._faults) > MAX_REMEMBERED:
                self._faults.popitem(last=False)
        return self._faults[reference]

    def _ask(self, request: dict[str, object]) -> dict[str, object]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._child.ask(request, self._settings.cpu_s)
            except ChildLost:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")


_DECIMAL_COMMA = re.compile(
    r"(?<![0-9.,])(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,|\{,\})(?P<part>[0-9]+)(?![0-9.,])"
)


def _with_points(text: str) -> str:
    """With decimal points for decimal commas: `1.234,5` as `1234.5`."""
    return _DECIMAL_COMMA.sub(
        lambda found: f"{found['whole'].replace('.', '')}.{found['part']}", text
    )


@lru_cache(maxsize=4096)
def _references(answers: tuple[str, ...], decimal_comma: bool) -> tuple[str, ...] | Verdict:
    """The normalised references, or the verdict on a ground truth that has none to be used."""
    spell = _with_points if decimal_comma else str
    texts = [_reference(spell(answer)) for answer in answers]
    texts = [text for text in texts if not _NOTHING.fullmatch(text)]
    if not texts:
        return unusable("The reference answer is empty; give the answer as text.")
    references = tuple(text for text in texts if not is_broken(text))
    if not references:
        return unusable(
            "The reference answer is damaged: its braces do not match, a command lacks letters,"
            " or it is a mere `?`."
        )
    return references


def _answers(texts: tuple[str, ...], decimal_comma: bool) -> list[str]:
    """The normalised answers, without what is empty."""
    spell = _with_points if decimal_comma else str
    return [answer for text in texts if (answer := _answer(spell(text)))]


def _reference(text: str) -> str:
    """The normalised reference; of a worked solution, what it boxes."""
    if len(text) > 100_000:
        return text
    text = repaired(text)
    return _answer(boxed_answer(text) or text)


@lru_cache(maxsize=4096)
def _answer(text: str) -> str:
    if len(text) > 4 * MAX_CHARS:
        return text.strip()
    return normalise(text)
