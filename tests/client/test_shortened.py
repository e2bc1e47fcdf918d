"""What the client sends of a completion holds the same answer or program as the whole."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import verifier_client.final_part
from tests.client.test_final_part import END_TOKENS, real_programs
from verifier.ground_truth.fields import TAGS
from verifier.math.extraction import find_answers
from verifier.programs.fences import find_program
from verifier_client.final_part import final_part, shortened

PIECES = st.sampled_from(
    [
        *(
            "\\boxed{",
            "\\boxed{5}",
            "\\boxed {x}",
            "\\fbox{7}",
            "\\boxed{\\frac{1}{2}}",
            "\\boxed{?}",
        ),
        *(
            "\\\\boxed{6}",
            "{",
            "}",
            "\\}",
            "\\{",
            "\\phantom{",
            "<answer>",
            "</answer>",
            "5",
            "x = 1",
        ),
        *(
            "The answer is 7.",
            "Final answer: 8",
            "final answer",
            "solution",
            "#### 9",
            " ",
            "\n",
            "\n\n",
        ),
        *(
            "```python\n",
            "```\n",
            "\n```",
            "~~~",
            "````",
            "> ",
            "- ",
            "print(1)",
            "def f(x):\n    return g(x)\n",
            "def g(x): return x\n",
            "print(input())\n",
            "    ",
            "`",
            "\r\n",
        ),
        *(
            "'''",
            '"""',
            "'",
            '"',
            "#",
            "\\",
            "\\\n",
            "\\[ x \\]",
            "(",
            ")",
            "don't",
            "İ",
            "é",
            "\r",
            "\f",
        ),
        *("[THINK]", "[/THINK]", "<thinking>", "</thinking>", '{"answer": 5, "why": "', '"}'),
        *("<final_answer>", "</final_answer>", "[ANSWER]", "[/ANSWER]", "\\boxed 8"),
        *("<|begin_of_box|>", "<|end_of_box|>"),
        *("<think>", "</think>", "So we go on. ", *END_TOKENS[:3]),
    ]
)
COMPLETIONS = st.lists(PIECES, max_size=30).map("".join)
LANGUAGES = ("python", "cpp", "javascript")


@pytest.fixture(autouse=True)
def _nothing_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier_client.final_part, "LONG_CHARS", 0)


def found_in(completion: str, *, truncated: bool = False) -> Any:
    """All that a verdict can rest on: the answers, and in each language the program."""
    final = final_part(completion)
    return None if final is None else _handed_in(final, truncated)


@lru_cache(maxsize=8)  # what is sent has most often the same final part as the whole
def _handed_in(final: str, truncated: bool) -> Any:
    return [find_answers(final, truncated=truncated)] + [
        _program(final, language, entry_point, truncated=truncated)
        for language in LANGUAGES
        for entry_point in (None, "f", "Solution().f")
    ]


def _program(final: str, language: str, entry_point: str | None, *, truncated: bool) -> str | None:
    program = find_program(final, TAGS[language], entry_point=entry_point, truncated=truncated)
    if program is None or program.fenced:
        return None if program is None else program.source
    # As the judge has it: text without a fence counts where it is Python that compiles.
    return program.source if language == "python" and _compiles(program.source) else None


def _compiles(source: str) -> bool:
    try:
        compile(source, "<completion>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, UnicodeEncodeError):
        return False
    return True


@settings(max_examples=500)
@given(COMPLETIONS, st.booleans())
@example("x = '\\\n \\boxed{5}'\n", False)
@example('"""\n\\boxed{5}\n"""\n', False)
@example("x = 1\n# \\boxed{5}\n", False)
@example("a\n\\[ x \\]\nb \\boxed{5}", False)
@example("x = 1\n# cut off \\[ here", True)
@example("def f(x):\n    return g(x)\n[THINK]\\boxed{", True)
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_what_is_sent_hands_in_what_the_whole_does(completion: str, truncated: bool) -> None:
    sent = shortened(completion, truncated=truncated)
    assert found_in(sent, truncated=truncated) == found_in(completion, truncated=truncated)
    assert shortened(sent, truncated=truncated) == sent
    assert len(sent) <= max(len(completion), len("<think>"))


STEPS = "So we go on, and don't stop.\n" * 1000


@pytest.mark.parametrize(
    ("completion", "truncated", "sent"),
    {
        "after the thinking": ("<think>a</think>b</think> 5", False, " 5"),
        "thinking that never ends": (f"<think>{STEPS}", False, "<think>"),
        "a box at the end": (f"{STEPS}\\(x\\) is \\boxed{{5}}.", False, "\\(x\\) is \\boxed{5}."),
        "two boxes": (f"{STEPS}\\boxed{{5}}\n\\boxed{{6}}", False, "\\boxed{5}\n\\boxed{6}"),
        "a box and a program": (
            f"{STEPS}It is \\boxed{{5}}.\n```python\nprint(5)\n```\n",
            False,
            "It is \\boxed{5}.\n```python\nprint(5)\n```\n",
        ),
        "cut off": (f"{STEPS}\\[ x \\]\nand so", True, "\\[ x \\]\nand so"),
        "cut off in a program": (f"{STEPS}```python\nprint(", True, "```python\nprint("),
    }.values(),
)
def test_no_more_is_sent_than_is_looked_at(completion: str, truncated: bool, sent: str) -> None:
    assert shortened(completion, truncated=truncated) == sent


@pytest.mark.parametrize(
    "completion",
    [
        f"{STEPS}The answer is 5.",
        f"{STEPS}\\boxed{{5",
        f"{STEPS}\\boxed{{?}}",
        f"{STEPS}\\\\boxed{{5}}",
        f"{STEPS}```python\nprint(5)\n```\n",
        f"{STEPS}'''\n\\boxed{{5}}",
        f'{{"why": "{STEPS}",\n"step": "\\\\boxed{{4}}", "answer": 5}}',
        f"x = 1\n{'y = 2' * 9}\nprint(r'\\boxed{{5}}')",
    ],
)
def test_what_may_matter_is_sent_whole(completion: str) -> None:
    assert shortened(completion) == completion


@pytest.mark.slow
def test_real_rollouts_hand_in_the_same(shared_data: Callable[[str], Path]) -> None:
    rows = list(map(json.loads, shared_data("math/math_rollouts.jsonl").read_text().splitlines()))
    texts = [row["completion"] for row in rows] + [text for text, _ in real_programs(shared_data)]
    texts += [row["completion"] for row in _reviewed(shared_data)]
    shorter = 0
    for text in texts:
        for completion in (text, f"<think>\\boxed{{0}}</think>{STEPS[:300]}{text}", text[:-40]):
            for truncated in (False, True):
                sent = shortened(completion, truncated=truncated)
                whole = found_in(completion, truncated=truncated)
                assert found_in(sent, truncated=truncated) == whole
                shorter += len(sent) < len(completion)
    assert shorter > len(texts)


def _reviewed(shared_data: Callable[[str], Path]) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, shared_data("math/reviewed.jsonl").read_text().splitlines())


@pytest.mark.timeout(300)  # in quadratic time these take many minutes
@pytest.mark.parametrize(
    "piece",
    [
        "\\boxed{",
        "\\boxed{a",
        "\\boxed{a" * 9 + "}",
        "\n",
        "\\",
        "\n\\",
        "a\n",
        "'",
        "```\n",
        "\\boxed",
    ],
)
def test_a_million_of_anything_takes_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    for completion in (text, f"{text}\\boxed{{5}}", f"\\boxed{{5}}{text}"):
        for truncated in (False, True):
            shortened(completion, truncated=truncated)
