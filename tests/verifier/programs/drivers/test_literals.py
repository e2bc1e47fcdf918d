"""Values are written as each language writes them, and text can end no literal."""

from typing import Any

import pytest

from verifier.errors import GroundTruthError
from verifier.programs.drivers.literals import LITERALS

VALUE = [1, -2.5, True, None, "a"]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("javascript", '[1, -2.5, true, null, "a"]'),
        ("ruby", "[1, -2.5, true, nil, 'a']"),
        ("lua", '{1, -2.5, true, nil, "a"}'),
        ("racket", '(list 1 -2.5 #t \'null "a")'),
        ("rust", 'vec![1, -2.5, true, None, "a".into()]'),
        ("r", 'list(1, -2.5, TRUE, NULL, "a")'),
    ],
)
def test_a_list(language: str, written: str) -> None:
    assert LITERALS[language].write(VALUE) == written


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("php", "it's \\", "'it\\'s \\\\'"),
        ("bash", "$(ls) '", "'$(ls) '\"'\"''"),
        ("kotlin_script", "${x}", '"\\${x}"'),
        ("javascript", '"\n', '"\\"\\n"'),
    ],
)
def test_text_stays_text(language: str, text: str, written: str) -> None:
    assert LITERALS[language].write(text) == written


def test_maps_are_written_where_a_language_has_them() -> None:
    assert LITERALS["php"].write({"a": [1]}) == "['a' => [1]]"
    with pytest.raises(GroundTruthError, match="type dict"):
        LITERALS["cpp"].write({"a": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1], {"a": 1}])
def test_what_a_language_does_not_write_is_said(value: Any) -> None:
    with pytest.raises(GroundTruthError, match="are not written in this language"):
        LITERALS["java"].write(value)


def test_nesting_has_a_bound() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(GroundTruthError, match="nested so deep"):
        LITERALS["d"].write(value)
