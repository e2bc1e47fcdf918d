"""Answers between tags, and in JSON."""

import pytest

from verifier.math.markup import MAX_JSON_CHARS, answers_in_json, elements_in, end_of_elements


def test_each_kind_of_tag_is_told_in_its_order() -> None:
    text = "[ANSWER]3[/ANSWER] <|begin_of_box|>2<|end_of_box|> <answer>1</answer> and <answer>0"
    assert elements_in(text, truncated=False) == ["1", "0", "2", "3"]
    assert elements_in(text, truncated=True) == ["1", "2", "3"]
    assert text[end_of_elements(text) :] == "</answer> and <answer>0"


def test_a_word_in_brackets_may_only_be_spoken_of() -> None:
    assert elements_in("Write [ANSWER] before it.", truncated=False) == []
    assert end_of_elements("Write [ANSWER] before it.") < 0


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ('{"answer": 5, "steps": ["5"]}', ["5"]),
        ('```json\n{"Final answer": " x "}\n```', ["x"]),
        ('{"answer": 4, "final_answer": 5.50}', ["4", "5.50"]),
        ('{"answer": {"answer": 5}}', []),
        ('{"answer": true}', []),
        ('{"answer": 5} or {"answer": 6}', []),
        ('[{"answer": 5}]', []),
        ('{"answer": ' * 20_000 + "}" * 20_000, []),
        ('{"answer": "' + "5" * MAX_JSON_CHARS + '"}', []),
        ("{" + " " * 90_000 + "x", []),
    ],
)
def test_the_answers_of_one_object(text: str, answers: list[str]) -> None:
    assert answers_in_json(text) == answers
