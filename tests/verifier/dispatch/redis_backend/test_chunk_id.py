"""The id of a chunk reads back as it was written, and says what to run after a loss."""

import pytest

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.model import Kind

CHUNK = ChunkId(Kind.CODE, payload=2, first=128, stop=132)


def test_an_id_reads_back_as_it_was_written() -> None:
    assert str(CHUNK) == "code-2-128-132-0"
    assert ChunkId.parse(str(CHUNK)) == CHUNK


@pytest.mark.parametrize("text", ["", "code-2-128-132", "text-2-128-132-0", "code-2-128-132-٣"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the name of a chunk"):
        ChunkId.parse(text)


def test_a_rollout_that_loses_three_workers_is_left_out_and_its_neighbours_are_not() -> None:
    (again,) = CHUNK.after_loss(culprit=129)
    assert str(again) == "code-2-129-132-1"
    alone, others = again.after_loss(culprit=129)
    assert [str(alone), str(others)] == ["code-2-129-130-2", "code-2-130-132-1"]
    assert alone.after_loss(culprit=129) == []
