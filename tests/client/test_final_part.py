"""The text after the thinking is judged, and end tokens at its end change nothing."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.ground_truth.fields import TAGS
from verifier.judge import Judge
from verifier.math.extraction import find_answers
from verifier.model import Rollout
from verifier.programs.fences import find_program
from verifier_client.final_part import final_part

END_TOKENS = [
    "<|im_end|>",
    "</s>",
    "<eos>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<｜end▁of▁sentence｜>",
    "<|endoftext|>",
    "<|im_end|>\n",
    "<|end|>",
    "<|return|>",
    "<pad>" * 500,
    "<|im_end|>\n<|endoftext|><|endoftext|> [PAD]\n",
    "[EOS]",
    "<|END_OF_TURN_TOKEN|>",
    "[e~[",
    "<turn|>",
    "<｜hy_eos｜>",
    "</longcat_s>",
    "<EOS_TOKEN>",
    "<end_of_sentence>",
    "[UNUSED_TOKEN_145]",
    "<SPECIAL_12>",
    "<|eom_id|></s>",
]
NO_END_TOKENS = [
    "<|",
    "|>",
    "<|x|>",
    "<b>",
    "</b>",
    "[1]",
    "<s>",
    "<|im end|>",
    "<end_of_>",
    "</b_s>",
    "|x|<|yyyy|",
]
PIECES = st.sampled_from(
    [
        "<think>",
        "</think>",
        "</",
        "think>",
        "[THINK]",
        "[/THINK]",
        "<thought>",
        "</thought>",
        "5",
        " ",
        "\n",
        "\\boxed{1}",
        "```",
        "é",
        "\ud800",
    ]
    + [token for token in END_TOKENS if len(token) < 100]
    + NO_END_TOKENS
)
OF_OTHER_THOUGHTS = ("[THINK]", "[/THINK]", "<thought>", "</thought>")
COMPLETIONS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@given(COMPLETIONS, st.lists(st.sampled_from([*END_TOKENS, " ", "\n"]), min_size=1))
def test_end_tokens_never_matter(completion: str, appended: list[str]) -> None:
    ended = completion + END_TOKENS[0] + "".join(appended)
    assert final_part(ended) == final_part(completion)


@given(st.lists(PIECES.filter(lambda piece: piece not in OF_OTHER_THOUGHTS)).map("".join))
def test_nothing_but_end_tokens_and_white_space_between_them_is_taken_away(text: str) -> None:
    final = final_part(f"</think>{text}")
    after = text.rpartition("</think>")[2]
    if final is not None:
        assert after.startswith(final)
        rest = after.removeprefix(final)
        for token in sorted(END_TOKENS, key=len, reverse=True):
            rest = rest.replace(token.strip(), "")
        assert not rest.strip()


@pytest.mark.parametrize("token", END_TOKENS, ids=lambda token: token[:20].strip())
def test_an_end_token_is_no_part_of_the_final_one(token: str) -> None:
    assert final_part(f"<think>7</think>The answer is 5{token}") == "The answer is 5"
    assert final_part(f"5 {token} {token}") == "5 "
    assert final_part(f"{token}5") == f"{token}5"
    assert final_part(f"<think>7{token}") is None


@pytest.mark.parametrize("text", NO_END_TOKENS)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert final_part(f"The answer is {text}") == f"The answer is {text}"


@pytest.mark.timeout(300)  # in quadratic time these take many minutes
@pytest.mark.parametrize("piece", ["<pad>", "<", "<|", "<|a", " ", "\n ", "<pad> ", "[", "</s"])
def test_a_million_of_anything_takes_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    for completion in (text, f"{text}x", f"<think>{text}", f"{text}<pad>"):
        final_part(completion)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(sandbox=None) as judge:
        yield judge


@pytest.mark.slow
def test_real_math_completions_are_judged_alike_with_end_tokens(
    shared_data: Callable[[str], Path], judge: Judge
) -> None:
    rows = list(map(json.loads, shared_data("math/math_rollouts.jsonl").read_text().splitlines()))
    lost = 0

    def rewards(change: Callable[[str], str]) -> list[Any]:
        found = [
            judge.judge(
                Rollout(completion=change(row["completion"]), ground_truth=row["ground_truth"])
            )
            for row in rows
        ]
        return [(verdict.reward, verdict.answer) for verdict in found]

    wanted = rewards(str)
    for token in END_TOKENS:
        assert rewards(lambda text: text + token) == wanted, token  # noqa: B023 - called at once
        lost += find_answers("The answer is 5" + token) != find_answers("The answer is 5")
    assert lost == len(END_TOKENS), "as they stand, end tokens do matter"


def real_programs(shared_data: Callable[[str], Path]) -> Iterator[tuple[str, str]]:
    """Completions with programs, and their language."""
    corpora = gzip.decompress(shared_data("code/corpora.jsonl.gz").read_bytes()).splitlines()
    for row in map(json.loads, corpora):
        for name in ("solution", "spoilt"):
            if row[name]:
                yield row[name], row["language"]
    leetcode = gzip.decompress(shared_data("code/leetcode.jsonl.gz").read_bytes()).splitlines()
    for row in map(json.loads, leetcode):
        yield row["response"], "python"
        yield row["completion"], "python"


@pytest.mark.slow
def test_real_programs_are_found_alike_with_end_tokens(
    shared_data: Callable[[str], Path],
) -> None:
    lost = 0
    for completion, language in real_programs(shared_data):
        tags = TAGS.get(language, TAGS["python"])
        final = final_part(completion)
        assert final is not None
        wanted = find_program(final, tags)
        for token in END_TOKENS[:8]:
            ended = final_part(completion + token)
            assert ended is not None
            assert ended == final or find_program(ended, tags) == wanted
            lost += find_program(completion + token, tags) != wanted
    assert lost > 1000, "as they stand, end tokens do matter"
