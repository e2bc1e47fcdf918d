"""Bodies that come compressed are read like others, and hold no more of memory."""

import gzip
import json
import zlib
from collections.abc import Callable

import httpx2
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.encoding import STEP_BYTES, Decoder
from api.http.errors import Refusal
from tests.api.conftest import Connect
from tests.api.http.test_body import until_held
from tests.api.routes.test_score import AS_LINES, refusal, rollout

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "zstd": zstd.compress,
}
LONG = b"long"
PARTS = st.lists(st.binary(max_size=200) | st.just(LONG), min_size=1, max_size=4)


@settings(deadline=None)
@given(PARTS, st.sampled_from([*COMPRESS]), st.integers(1, 5000))
def test_what_was_compressed_comes_out_whatever_the_pieces(
    parts: list[bytes], encoding: str, size: int
) -> None:
    parts = [b"a" * 3 * STEP_BYTES if part == LONG else part for part in parts]
    sent = b"".join(map(COMPRESS[encoding], parts))
    decoder = Decoder([encoding])
    found: list[bytes] = []
    for start in range(0, len(sent), size):
        found += decoder.steps(sent[start : start + size])
    decoder.end()
    assert b"".join(found) == b"".join(parts)
    assert max(map(len, found), default=0) <= STEP_BYTES


@given(st.sampled_from([*COMPRESS]), st.data())
def test_what_is_cut_or_changed_is_a_problem(encoding: str, data: st.DataObject) -> None:
    sent = bytearray(COMPRESS[encoding](b'{"rollouts": []}' * 20))
    place = data.draw(st.integers(0, len(sent) - 1))
    if data.draw(st.booleans()):
        del sent[place:]
    else:
        sent[place] ^= data.draw(st.integers(1, 255))
    decoder = Decoder([encoding])
    try:
        found = b"".join(decoder.steps(bytes(sent)))
        decoder.end()
    except Refusal as refusal:
        assert refusal.status == 400  # noqa: PT017
    else:
        assert encoding == "zstd" or found == b'{"rollouts": []}' * 20  # zstd's has no checksum


@pytest.mark.parametrize("encoding", [*COMPRESS])
@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_a_compressed_batch_is_judged(
    client: httpx2.AsyncClient, encoding: str, headers: dict[str, str]
) -> None:
    lines = "application/x-ndjson"
    rows = [rollout("correct"), rollout("wrong_answer")]
    plain = json.dumps({"rollouts": rows}) if not headers else "\n".join(map(json.dumps, rows))
    answer = await client.post(
        "/v1/score",
        content=COMPRESS[encoding](plain.encode()),
        headers={"Content-Encoding": encoding, "Content-Type": lines if headers else "x/y"},
    )
    assert answer.json()["rewards"] == [1.0, 0.0]
    assert answer.headers["accept-encoding"] == "gzip, zstd"
    await until_held(client, 0)


@pytest.mark.parametrize(
    ("encoding", "status"),
    [("Identity", 200), ("", 200), ("br", 415), ("identity, br", 415), ("gzip, gzip", 415)],
)
async def test_other_encodings_are_refused_by_name(
    client: httpx2.AsyncClient, encoding: str, status: int
) -> None:
    headers = {"Content-Encoding": encoding}
    answer = await client.post("/v1/score", content=b'{"rollouts": []}', headers=headers)
    assert answer.status_code == status
    assert ("gzip" in answer.text) is (status == 415)


@pytest.mark.parametrize("encoding", [*COMPRESS])
@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
async def test_a_bomb_is_refused_while_it_goes_off(
    connect: Connect, encoding: str, media_type: str
) -> None:
    """Control: the same bomb, small enough, is read."""
    headers = {"Content-Encoding": encoding, "Content-Type": media_type}
    async with connect(max_body_bytes=2_000_000, max_held_bytes=2_000_000) as client:
        small = COMPRESS[encoding](b'{"rollouts": []}' + b" " * 1_800_000)
        answer = await client.post("/v1/score", content=small, headers=headers)
        assert answer.status_code == (422 if "nd" in media_type else 200)  # no rollout
        bomb = COMPRESS[encoding](b" " * 40_000_000)
        problem = await refusal(client.post("/v1/score", content=bomb, headers=headers), 413)
        assert "VERIFIER_MAX_BODY_BYTES" in problem["detail"] or "several" in problem["detail"]
        await until_held(client, 0)


def test_a_bomb_of_bombs_ends_at_its_ratio() -> None:
    layer = zlib.compressobj(9, wbits=31)
    sent = layer.compress(b" " * 100_000_000) + layer.flush()
    decoder = Decoder(["gzip"])
    assert sum(map(len, decoder.steps(sent))) == 100_000_000  # gzip can do no more than that
    decoder = Decoder(["zstd"])
    bomb = zstd.compress(b" " * 100_000_000)
    with pytest.raises(Refusal, match="5000 times") as refusal:
        list(decoder.steps(bomb))
    assert refusal.value.status == 413
