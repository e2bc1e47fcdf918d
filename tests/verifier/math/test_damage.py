"""Damaged references: what can only mean one thing is restored, the rest is called unusable."""

import pytest

from verifier.math import MathJudge
from verifier.math.damage import repaired
from verifier.model import MathTruth, Outcome


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("\frac{1}{2}", "\\frac{1}{2}"),
        ("5\text{ cm}", "5\\text{ cm}"),
        ("2 \times 3", "2 \\times 3"),
        ("\beta", "\\beta"),
        ("(1, \right)", "(1, \\right)"),
        ("x \neq 0", "x \\neq 0"),
        ("[rac{1}{e}, 1)", "[\\frac{1}{e}, 1)"),
        ("\\\\frac{1}{2}", "\\frac{1}{2}"),
        ("x\nu", "x\\nu"),
        ("\tan(x)", "\\tan(x)"),
        ("2 imes 3", "2 \\times 3"),
        ("(1, 2 ight)", "(1, 2 \\right)"),
        ("5 ext{ cm}", "5 \\text{ cm}"),
        ("dfrac{7}{2}", "\\dfrac{7}{2}"),
        ("30^circ", "30^\\circ"),
        ("x leq 5", "x \\leq 5"),
        ("x &gt; 5 &amp; y", "x > 5 & y"),
        ("3 &times; 4 &divide; 2", "3 \xd7 4 ÷ 2"),
        ("90^{circ}", "90^{\\circ}"),
        ("5\\n", "5"),
        ("\\n5", "5"),
        ("\\nu", "\\nu"),
        ("<p>x<sup>2</sup></p>", "x^{2}"),
        ("a<b and b>c", "a<b and b>c"),
        ("'5'", "5"),
        ("1 & b; 2", "1 & b; 2"),
        ("30\\u00b0", "30°"),
        ("x â‰¤ 5Ï€", "x ≤ 5π"),
        ("âge", "âge"),
        ("\\\\begin{pmatrix}1\\\\\\\\2\\\\end{pmatrix}", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"),
        ("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}"),
        ("1\tor\n2", "1\tor\n2"),
        ("line one\nends here", "line one\nends here"),
        ("x\tan apple", "x\tan apple"),
        ("three times", "three times"),
        ("\tan x", "\\tan x"),
        ("-rac25", "-\\frac25"),
        ("\\left[1, tight)", "\\left[1, t\\right)"),
        ("2left|x right|", "2\\left|x \\right|"),
        ("turn right (or left)", "turn right (or left)"),
        ("a eq 2", "a \\neq 2"),
        ("x ge frac{1}{2}", "x \\ge \\frac{1}{2}"),
        ("41.4\\\\%", "41.4\\%"),
        ("\\\\\\\\frac{1}{2}", "\\frac{1}{2}"),
        ("\\\\begin{array}{l}1 \\\\ 2\\\\end{array}", "\\begin{array}{l}1 \\\\ 2\\end{array}"),
    ],
)
def test_what_can_only_mean_one_thing_is_restored(damaged: str, whole: str) -> None:
    assert repaired(damaged) == whole


@pytest.mark.parametrize(
    "reference", ["\\frac{1}{2", "1}{2", "?", "\\sqrt{2}}", "2 eta", "5 \fxyz", "x = \\frac"]
)
def test_what_stays_broken_is_unusable(judge: MathJudge, reference: str) -> None:
    verdict = judge.judge(MathTruth((reference,)), "\\boxed{1}", truncated=False)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH


def test_one_broken_reference_beside_a_whole_one_does_no_harm(judge: MathJudge) -> None:
    truth = MathTruth(("\\frac{1}{2", "0.5"))
    assert judge.judge(truth, "\\boxed{1/2}", truncated=False).outcome is Outcome.CORRECT
