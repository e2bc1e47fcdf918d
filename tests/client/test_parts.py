"""Batches that no single request takes: cut, compressed, sent again, and put together in order."""

import asyncio
import gzip
import itertools
import json
import sys
import threading
import types
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response

import verifier_client.parts
from tests.client.conftest import Asked, ScriptedService, judged, judged_up_to, problem
from verifier_client import AsyncClient, Client, Refused, Scores, Unusable
from verifier_client.compression import LEAST_BYTES, Compression
from verifier_client.parts import Part, cut

Start = Callable[..., ScriptedService]
MAX_NAME_CHARS = 256
"""Of an id, a group or a batch, as the service takes them."""


def score(url: str, *args: Any, **options: Any) -> Scores:
    with Client(url, patience_s=5) as client:
        return client.score(*args, **options)


def score_async(url: str, *args: Any, **options: Any) -> Scores:
    async def run() -> Scores:
        async with AsyncClient(url, patience_s=5) as client:
            return await client.score(*args, **options)

    return asyncio.run(run())


def stream(url: str, *args: Any, **options: Any) -> Scores:
    with Client(url, patience_s=5) as client:
        results = list(client.stream(*args, **options))
    return Scores(batch_id="", rewards=[r.reward for r in results], results=results, groups=[])


both = pytest.mark.parametrize("ask", [score, score_async])
ROWS = [
    {"id": f"r{n}", "group": f"g{n % 7}", "completion": f"{n} {'right' if n % 3 else 'wrong'}"}
    for n in range(1000)
]
WANTED = [float(bool(n % 3)) for n in range(1000)]
GROUPS = [
    {"id": f"g{n}", "ground_truth": "4", "completions": ["right", "wrong", "right"] * n}
    for n in range(40)
]


@both
def test_a_batch_of_many_parts_comes_back_in_order(
    ask: Callable[..., Scores], scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_client.parts, "MAX_ROLLOUTS", 7)
    service = scripted(judged)
    scores = ask(service.url, ROWS, batch_id="step-17")
    assert scores.batch_id == "step-17"
    assert scores.rewards == WANTED
    assert [(r.id, r.group, r.index) for r in scores.results] == [
        (row["id"], row["group"], n) for n, row in enumerate(ROWS)
    ]
    assert [(group.id, group.n) for group in scores.groups] == [
        (f"g{n}", len(range(n, 1000, 7))) for n in range(7)
    ]
    names = [asked["batch_id"] for asked in service.asked]
    assert len(set(names)) == len(names) == 143
    assert "step-17" in names


@both
def test_groups_are_cut_within_and_summed_up_as_a_whole(
    ask: Callable[..., Scores], scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_client.parts, "MAX_ROLLOUTS", 10)
    scores = ask(scripted(judged).url, groups=iter(GROUPS))
    assert [(group.id, group.n, group.solved, group.judged) for group in scores.groups] == [
        (f"g{n}", 3 * n, 2 * n, 3 * n) for n in range(1, 40)
    ]
    assert scores.rewards == [1.0, 0.0, 1.0] * sum(range(40))


@pytest.mark.parametrize("ask", [score, score_async, stream])
@pytest.mark.parametrize("most", [999, 300, 1])
def test_what_is_too_large_for_something_in_between_is_cut_further(
    ask: Callable[..., Scores], scripted: Start, most: int
) -> None:
    rows = ROWS[:40] if most == 1 else ROWS
    service = scripted(judged_up_to(most) if ask is not stream else lines_up_to(most))
    assert ask(service.url, rows, batch_id="x" * MAX_NAME_CHARS).rewards == WANTED[: len(rows)]
    assert all(len(asked["batch_id"]) <= MAX_NAME_CHARS for asked in service.asked)


def lines_up_to(most: int) -> Callable[[Asked], Response]:
    def answer(asked: Asked) -> Response:
        whole = judged_up_to(most)(asked)
        if whole.status_code != 200:
            return whole
        results = json.loads(bytes(whole.body))["results"]
        return Response(
            "".join(json.dumps({"index": n, **found}) + "\n" for n, found in enumerate(results))
        )

    return answer


@both
def test_one_rollout_that_is_too_large_is_null_and_says_why(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(problem(413, "The body is larger than the limit; send it in parts."))
    found = ask(service.url, ROWS[:2])
    assert found.rewards == [None, None]
    assert [result.id for result in found.results] == [row.get("id") for row in ROWS[:2]]
    assert "larger than the limit" in (found.results[1].message or "")


@both
def test_what_is_wrong_with_a_later_part_is_said_of_that_part(
    ask: Callable[..., Scores], scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_client.parts, "MAX_ROLLOUTS", 10)

    def answer(asked: Asked) -> Response:
        if asked["rollouts"][0]["completion"].startswith("20 "):
            return problem(422, "rollout 3 is odd")(asked)
        return judged(asked)

    with pytest.raises(Refused, match="Of the rollouts from 20 on: rollout 3 is odd"):
        ask(scripted(answer).url, ROWS[:50])
    still_asking = [one.name for one in threading.enumerate() if "ThreadPool" in one.name]
    assert not still_asking, "they would use connections that are closed by now"


@both
def test_large_bodies_are_compressed_and_small_ones_are_not(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(judged)
    rows = [{"completion": "word " * LEAST_BYTES + "right"}]
    assert ask(service.url, rows).rewards == [1.0]
    assert ask(service.url, ROWS[:1]).rewards == [0.0]
    assert [headers.get("content-encoding") for headers in service.headers] == ["gzip", None]
    assert service.sizes[0] < LEAST_BYTES
    assert service.asked[0]["rollouts"][0]["completion"] == rows[0]["completion"]


@pytest.mark.parametrize("taken", ["identity", "gzip", "br"])
def test_a_service_that_takes_no_compressed_body_gets_it_as_it_is_from_then_on(
    scripted: Start, taken: str
) -> None:
    refusal = problem(415, "Send the body without a Content-Encoding.", Accept_Encoding=taken)
    service = scripted(refusal, judged)
    rows = [{"completion": "word " * LEAST_BYTES + "right"}]
    with Client(service.url, patience_s=0) as client:
        assert client.score(rows).rewards == [1.0]
        assert client.score(rows).rewards == [1.0]
    codings = [headers.get("content-encoding") for headers in service.headers]
    assert codings == ["gzip", None, None]
    assert service.asked[0] == service.asked[1]


def test_a_body_is_what_its_headers_say_whatever_is_learnt_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compression = Compression()

    def meanwhile(body: bytes, level: int, mtime: int) -> bytes:
        compression.learn_from(httpx2.Response(415))
        return b"compressed"

    monkeypatch.setattr(gzip, "compress", meanwhile)
    body = b"a" * LEAST_BYTES
    assert compression.encoded(body) == (b"compressed", {"Content-Encoding": "gzip"})
    assert compression.encoded(body) == (body, {})


def test_a_415_to_what_was_not_compressed_is_refused(scripted: Start) -> None:
    service = scripted(problem(415, "No."))
    with Client(service.url) as client, pytest.raises(Refused, match=r"No\."):
        client.score(ROWS[:1])
    assert len(service.asked) == 1


def test_zstd_is_used_where_the_service_and_this_environment_have_it(
    scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("zstandard")
    compress = lambda body, level: b"zstd" + gzip.compress(body, level)  # noqa: E731
    monkeypatch.setattr(module, "compress", compress, raising=False)
    monkeypatch.setitem(sys.modules, "zstandard", module)
    for other in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, other, None)
    service = scripted(problem(503, "Later.", Accept_Encoding="gzip, zstd;q=0.5"), judged)
    seen: list[bytes] = []
    with Client(service.url) as client:
        part = next(cut([{"completion": "a" * LEAST_BYTES}], None, "b", {}))
        client.score(ROWS[:1])
        body, headers = client._compression.encoded(part.content())
        seen.append(body)
    assert headers == {"Content-Encoding": "zstd"}
    assert gzip.decompress(seen[0].removeprefix(b"zstd")) == part.content()


def test_nothing_is_sent_but_what_is_looked_at(scripted: Start) -> None:
    service = scripted(judged)
    completion = f"<think>{'wrong ' * 100_000}</think>right<|im_end|>"
    unfinished = "<think>" + "on and on " * 10_000
    rows = [{"completion": completion}, {"completion": unfinished}]
    assert score(service.url, rows).rewards == [1.0, 0.0]
    assert score(service.url, groups=[{"completions": [completion]}]).rewards == [1.0]
    assert [row["completion"] for row in service.asked[0]["rollouts"]] == ["right", "<think>"]
    assert service.asked[1]["groups"][0]["completions"] == ["right"]
    assert max(service.sizes) < 300


def test_a_letter_costs_what_utf_8_makes_of_it(scripted: Start) -> None:
    service = scripted(judged)
    rows = [{"completion": "答" * 10_000 + "right"}, {"completion": "\ud800 right"}]
    assert score(service.url, rows).rewards == [1.0, 1.0]
    assert service.sizes[0] < 30_500
    assert service.asked[0]["rollouts"][1]["completion"] == "\ud800 right"


TEXTS = st.text(st.sampled_from(["a", "é", "答", "\ud800", '"', "\\", "\n"]), max_size=40)
NAMES = st.one_of(st.none(), st.text(max_size=300))


def parts_of(limits: tuple[int, int], rows: Any, groups: Any) -> list[Part]:
    with (
        patch.object(verifier_client.parts, "MAX_ROLLOUTS", limits[0]),
        patch.object(verifier_client.parts, "MAX_BYTES", limits[1]),
    ):
        return list(cut(rows, groups, "step", {"explain": False}))


LIMITS = st.tuples(st.integers(1, 5), st.integers(1, 400))


@given(st.lists(st.fixed_dictionaries({"id": NAMES, "completion": TEXTS})), LIMITS)
def test_parts_are_the_batch_in_order_and_the_same_every_time(
    rows: list[dict[str, Any]], limits: tuple[int, int]
) -> None:
    parts = parts_of(limits, rows, None)
    contents = [json.loads(part.content()) for part in parts]
    sent = [row for content in contents for row in content["rollouts"]]
    assert [row["completion"] for row in sent] == [row["completion"] for row in rows]
    assert len({row["id"] for row in sent}) == len(rows)
    assert all(len(row["id"]) <= MAX_NAME_CHARS for row in sent)
    assert [asked.id for part in parts for asked in part.asked] == [row["id"] for row in rows]
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.first for part in parts] == [
        0,
        *itertools.accumulate(len(part.asked) for part in parts[:-1]),
    ]
    for content in contents:
        assert len(content["rollouts"]) <= limits[0]
    again = parts_of(limits, iter(rows), None)
    assert [part.content() for part in again] == [part.content() for part in parts]


@given(st.lists(st.tuples(NAMES, st.lists(TEXTS, max_size=12), st.booleans())), LIMITS)
def test_groups_are_sent_whole_or_as_several_of_one_name(
    rows: list[tuple[str | None, list[str], bool]], limits: tuple[int, int]
) -> None:
    groups = [
        {
            **({} if name is None else {"id": name}),
            "ground_truth": position,
            "completions": completions,
            **({"truncated": [len(text) > 5 for text in completions]} if flagged else {}),
        }
        for position, (name, completions, flagged) in enumerate(rows)
    ]
    found: dict[int, dict[str, Any]] = {}
    for part in parts_of(limits, None, groups):
        count = 0
        for sent in json.loads(part.content())["groups"]:
            whole = found.setdefault(
                sent["ground_truth"], {"id": sent["id"], "completions": [], "truncated": []}
            )
            assert whole["id"] == sent["id"]
            assert len(sent["id"]) <= MAX_NAME_CHARS
            whole["completions"] += sent["completions"]
            whole["truncated"] += sent.get("truncated", [])
            count += len(sent["completions"])
        assert count == len(part.asked) <= limits[0]
    assert [found[n]["completions"] for n in range(len(rows))] == [g["completions"] for g in groups]
    assert [found[n]["truncated"] for n in range(len(rows))] == [
        g.get("truncated", []) for g in groups
    ]


def test_columns_that_the_service_does_not_read_stay_here(scripted: Start) -> None:
    service = scripted(judged)
    mine = {"prompt_ids": range(9), "image": object(), "group": "g"}
    assert score(service.url, [{**mine, "completion": "right"}]).rewards == [1.0]
    assert score(service.url, groups=[{**mine, "completions": ["right"]}]).rewards == [1.0]
    assert set(service.asked[0]["rollouts"][0]) == {"id", "group", "completion"}
    assert set(service.asked[1]["groups"][0]) == {"id", "completions"}


@both
@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"rollouts": [ROWS[0], {"ground_truth": object()}]}, "Rollout 1 cannot be sent: object"),
        ({"rollouts": [ROWS[0], "text"]}, "Rollout 1 cannot be sent: 'str'"),
        ({"groups": [{"ground_truth": {1j: 2}, "completions": []}]}, "Group 0 cannot be sent"),
        ({"groups": [{"completions": ["a"]}, {}]}, "Group 1 has no list of `completions`"),
        ({"groups": [{"completions": ["a"], "truncated": []}]}, "Group 0 needs one of `truncated`"),
        ({"groups": [{"completions": ["a"], "truncated": 1}]}, "Group 0 needs one of `truncated`"),
    ],
)
def test_what_cannot_be_sent_is_named(
    ask: Callable[..., Scores], scripted: Start, rows: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Unusable, match=sentence):
        ask(scripted(judged).url, **rows)


def test_an_empty_batch_is_an_empty_answer(scripted: Start) -> None:
    service = scripted(lambda asked: JSONResponse({**EMPTY, "batch_id": asked["batch_id"]}))
    assert score(service.url, []).rewards == []
    assert score_async(service.url, groups=[]).rewards == []


EMPTY: dict[str, list[Any]] = {"rewards": [], "results": [], "groups": []}


def test_a_real_service_judges_more_than_it_takes_at_once(service_url: str) -> None:
    rows = [
        {
            "id": str(n),
            "group": str(n // 16),
            "completion": f"\\boxed{{{n % 50}}}",
            "ground_truth": "7",
        }
        for n in range(8193)
    ]
    with Client(service_url) as client:
        scores = client.score(rows, batch_id="more than one")
        again = client.score(rows, batch_id="more than one")
    assert scores.rewards == [float(n % 50 == 7) for n in range(8193)]
    assert again == scores
    assert len(scores.groups) == 513


def test_a_real_service_takes_bodies_as_the_client_compresses_them(service_url: str) -> None:
    prose = "word " * LEAST_BYTES  # nothing in it tells what may be left out
    rows = [{"completion": f"{prose}\nThe answer is {n}.", "ground_truth": "7"} for n in range(9)]
    with Client(service_url) as client:
        assert client.score(rows).rewards == [float(n == 7) for n in range(9)]
        assert client._compression.encoded(bytes(LEAST_BYTES))[1], "it is not told to stop"
