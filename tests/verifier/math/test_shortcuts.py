"""The fast path decides only what is certain, and as the slow path does."""

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.math.comparison import compare
from verifier.math.judge import MathJudge
from verifier.math.literals import read_number
from verifier.math.normalising import normalise
from verifier.math.shortcuts import decide_at_sight
from verifier.model import MathTruth, Outcome

FRACTIONS = st.fractions(max_denominator=1000).filter(lambda value: abs(value) < 10**9)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**9)


def _spellings(value: Fraction) -> list[str]:
    """Ways to write a rational number exactly."""
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    found = [
        f"{sign}\\frac{{{top}}}{{{bottom}}}",
        f"{sign}{top}/{bottom}",
        f"\\dfrac{{{value.numerator * 3}}}{{{bottom * 3}}}",
        f"{sign}\\tfrac {{{top}}} {{{bottom}}}",
    ]
    if bottom == 1:
        found += [f"{value}", f"{sign}{top:,}", f"${value}$", f"{value}.0", f"\\text{{{value}}}"]
        found += [f"{sign}{top:,}".replace(",", mark) for mark in ("{,}", "\\,", " ", "\\!,")][:3]
    if 10**6 % bottom == 0:
        scaled = top * (10**6 // bottom)
        found.append(f"{sign}{scaled // 10**6}.{scaled % 10**6:06d}")
        percent = scaled * 100
        found.append(f"{sign}{percent // 10**6}.{percent % 10**6:06d}\\%")
    return found


@given(FRACTIONS)
def test_every_spelling_of_a_number_is_that_number(value: Fraction) -> None:
    for text in _spellings(value):
        number = read_number(normalise(text))
        assert number is not None, text
        assert number.value == value, text


@given(FRACTIONS, FRACTIONS)
def test_numbers_are_compared_as_rationals(first: Fraction, second: Fraction) -> None:
    for mine, yours in product(_spellings(first)[:4], _spellings(second)[:4]):
        decided = decide_at_sight(normalise(mine), normalise(yours))
        assert decided is not None
        assert decided.same == (first == second)


@given(st.one_of(FRACTIONS, DECIMALS), st.one_of(FRACTIONS, DECIMALS))
def test_it_never_contradicts_the_slow_path(first: object, second: object) -> None:
    for mine, yours in ((first, second), (first, first), (second, first)):
        reference, answer = normalise(str(mine)), normalise(str(yours))
        decided = decide_at_sight(reference, answer)
        assert decided is not None
        assert decided.same == compare(reference, answer, values_only=False).same


@given(st.text(alphabet="0123456789.,-+/%eE{}\\ frac$", max_size=25))
def test_what_it_reads_is_no_more_than_a_number(text: str) -> None:
    number = read_number(normalise(text))
    assert number is None or abs(number.value) <= 10 ** (len(text) + 400)


@pytest.mark.parametrize(
    "text",
    ["1e999999999", "9" * 5000, "10^{10^{10}}", "1/0", "\\frac{1}{0}", "1 2", "1,2,3", "--1"],
)
def test_what_is_no_plain_number_is_left_to_the_slow_path(text: str) -> None:
    assert read_number(normalise(text)) is None


def test_real_references_against_each_other_are_settled_as_the_slow_path_settles_them(
    shared_data: Callable[[str], Path],
) -> None:
    """All pairs of real references that the fast path decides, some 200,000; no exceptions."""
    lines = shared_data("math/golds.jsonl").read_text(encoding="utf-8").splitlines()
    texts = sorted({normalise(str(json.loads(line)["answer"])) for line in lines})
    plain = [text for text in texts if decide_at_sight(text, "7") or decide_at_sight(text, "B")]
    assert len(plain) > 200
    decided = 0
    for reference, answer in product(plain, repeat=2):
        fast = decide_at_sight(reference, answer)
        if fast is None:
            continue
        decided += 1
        if fast.same or decided % 50 == 0:  # every "equal", and a sample of the "different"
            slow = compare(reference, answer, values_only=False)
            assert fast.same == slow.same, (reference, answer)
    assert decided > 10_000


def test_every_real_reference_is_the_answer_to_itself(
    shared_data: Callable[[str], Path], judge: MathJudge
) -> None:
    for line in shared_data("math/golds.jsonl").read_text(encoding="utf-8").splitlines():
        reference = str(json.loads(line)["answer"])
        answer = reference if "\\boxed" in reference else f"\\boxed{{{reference}}}"
        verdict = judge.judge(MathTruth((reference,)), answer, truncated=False)
        assert verdict.outcome is Outcome.CORRECT, reference


def test_real_rollouts_are_judged_as_their_labels_say(
    shared_data: Callable[[str], Path], judge: MathJudge
) -> None:
    rows = [
        json.loads(line)
        for line in shared_data("math/math_rollouts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) == 800
    wrong = []
    for row in rows:
        truth = row["ground_truth"]
        answers = tuple(truth) if isinstance(truth, list) else (truth,)
        verdict = judge.judge(MathTruth(answers), row["completion"], truncated=False)
        assert verdict.reward is not None
        if verdict.reward != float(row["label"]):
            wrong.append((answers, verdict.answer))
    assert wrong == [(("10{,}000",), "10000")], "the one label that is known to be wrong"
