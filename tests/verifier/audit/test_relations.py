"""What all inputs of a suite have in common is asked of new ones, and nothing else."""

from typing import Any

import pytest

from verifier.audit.relations import learned


@pytest.mark.parametrize(
    ("cases", "like", "unlike"),
    [
        ([([1, 2, 3],), ([2, 3],)], ([1, 3],), ([3, 1],)),  # sorted
        ([([2, 1, 2], 3), ([1, 2], 2)], ([1, 2, 1], 3), ([1, 2, 1], 2)),  # the length
        ([("ab",), ("ba",)], ("ab",), ("ac",)),  # letters
        ([(["a"],), (["b"],)], (["a"],), ([1],)),  # types
        ([("()",), ("(())",)], ("()()",), (")(()",)),  # balanced
    ],
)
def test_relations(
    cases: list[tuple[Any, ...]], like: tuple[Any, ...], unlike: tuple[Any, ...]
) -> None:
    fits = learned(cases)
    assert all(map(fits, cases))
    assert fits(like)
    assert not fits(unlike)
