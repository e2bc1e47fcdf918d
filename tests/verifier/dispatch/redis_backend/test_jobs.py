"""Whoever can write to Redis can make a worker judge a chunk, and nothing else."""

import json
import pickle
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from tests.verifier.dispatch.servers import RedisServer, Workers, wait_until
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES, ChunkId
from verifier.dispatch.redis_backend.jobs import ForgedJob, parse_job
from verifier.dispatch.redis_backend.lua.rq_records import FUNCTION
from verifier.model import Kind

BATCH = "0123456789abcdef" * 2
QUEUE = names.rq_key("math-training")
HONEST: list[Any] = [FUNCTION, None, [BATCH, "math-0-0-64-0"], {}]


class Proof:
    """Pickled, it creates a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._path,)


def as_data(call: Any) -> bytes:
    return json.dumps(call).encode()


def forgeries(proof: Path) -> dict[str, dict[Any, Any]]:
    """Jobs, each of which would create the file `proof` if what it names was run or loaded."""
    touch: list[Any] = ["os.system", None, [f"touch {proof}"], {}]
    callbacks = {
        f"{when}_callback_name": "tests.verifier.dispatch.redis_backend.test_jobs.touch_proof"
        for when in ("success", "failure", "stopped")
    }
    return {
        "a function of the standard library": {"data": as_data(touch)},
        "compressed, as by RQ": {"data": zlib.compress(json.dumps(touch).encode())},
        "a method of an instance": {"data": as_data(["system", "os", [f"touch {proof}"], {}])},
        "a dotted name that ends like ours": {"data": as_data([f"os.{FUNCTION}", *HONEST[1:]])},
        "keyword arguments": {"data": as_data([*HONEST[:3], {"batch": str(proof)}])},
        "too many arguments": {"data": as_data([FUNCTION, None, [*HONEST[2], "x"], {}])},
        "a path for a batch": {"data": as_data([FUNCTION, None, ["../" * 10, "math-0-0-1-0"], {}])},
        "no chunk": {"data": as_data([FUNCTION, None, [BATCH, "math-0-0-1-0; touch"], {}])},
        "a pickle": {"data": zlib.compress(pickle.dumps(Proof(proof)))},
        "a bare pickle": {"data": pickle.dumps(Proof(proof))},
        "a pickle as result and meta": {
            "data": as_data(touch),
            "result": pickle.dumps(Proof(proof)),
            "meta": pickle.dumps(Proof(proof)),
        },
        "callbacks on an honest job": {"data": as_data(HONEST), **callbacks},
        "webhooks on an honest job": {
            "data": as_data(HONEST),
            "webhooks": json.dumps([{"url": "http://127.0.0.1:9/", "job_status": "failed"}]),
        },
        "a bomb": {"data": zlib.compress(b"[" * 50_000_000)},
        "nothing": {"origin": names.rq_queue("math-training")},
    }


@pytest.mark.redis
def test_forged_jobs_are_refused_and_the_worker_goes_on(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    workers.start(1)
    client = server.client()
    for number, (_, job) in enumerate(forgeries(proof).items()):
        for name in (f"forged{number}", f"{BATCH}_math-0-{number}-{number + 1}-0"):
            client.hset(f"rq:job:{name}", mapping={"status": "queued", **job})
            client.rpush(QUEUE, name)
    wait_until(lambda: not client.exists(QUEUE), "all jobs are taken")
    client.rpush(QUEUE, "no-such-job", "bad/name", b"\xff\xfe")
    wait_until(lambda: not client.exists(QUEUE), "all jobs are taken")
    wait_until(lambda: client.zcard(names.WORKERS) == 1, "the worker is still there")
    assert workers.all[0].process.poll() is None
    assert not proof.exists()


@pytest.mark.redis
def test_the_control_a_stock_worker_runs_what_a_forged_job_names(
    server: RedisServer, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    client = server.client()
    job = forgeries(proof)["a function of the standard library"]
    client.hset("rq:job:forged", mapping={"status": "queued", "origin": "default", **job})
    client.rpush("rq:queue:default", "forged")
    queue = Queue("default", connection=client, serializer=JSONSerializer)
    SimpleWorker([queue], connection=client, serializer=JSONSerializer).work(burst=True)
    assert proof.exists()


def test_an_honest_job_says_which_chunk() -> None:
    assert parse_job(f"{BATCH}_math-0-0-64-0".encode()) == (BATCH, ChunkId(Kind.MATH, 0, 0, 64))


@pytest.mark.parametrize(
    "name", [b"", BATCH.encode(), b"_", b"../../x_math-0-0-1-0", BATCH.encode() + b"_os.system"]
)
def test_no_other_name_is_a_job(name: bytes) -> None:
    with pytest.raises(ForgedJob):
        parse_job(name)


ids = st.builds(
    lambda kind, payload, first, length, tries: ChunkId(
        kind, payload, first, first + length, tries
    ),
    st.sampled_from(Kind),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 64),
    st.integers(0, MAX_TRIES - 1),
)


@given(ids)
def test_the_name_of_a_chunk_says_what_it_is(chunk: ChunkId) -> None:
    assert ChunkId.parse(str(chunk)) == chunk


@given(ids, st.data())
def test_after_a_loss_everything_unjudged_goes_out_again_except_a_thrice_lost_culprit(
    chunk: ChunkId, data: st.DataObject
) -> None:
    if chunk.tries == MAX_TRIES - 1:
        chunk = replace(chunk, stop=chunk.first + 1)
    culprit = data.draw(st.integers(chunk.first, chunk.stop - 1))
    instead = chunk.after_loss(culprit)
    positions = [at for other in instead for at in range(other.first, other.stop)]
    given_up = [culprit] if chunk.tries + 1 == MAX_TRIES else []
    assert given_up + positions == list(range(culprit, chunk.stop))
    assert chunk not in instead
    assert {other.kind for other in instead} <= {chunk.kind}


@given(st.integers(0, 63), st.sets(st.integers(0, 63)))
def test_a_culprit_is_tried_three_times_and_its_neighbours_are_judged(
    first: int, poisonous: set[int]
) -> None:
    """Chunks go out as the reaper sends them, to workers that die at poisonous rollouts and report
    late where they may."""
    waiting, judged, tried, given_up = (
        [ChunkId(Kind.MATH, 0, first, 64)],
        set(),
        dict.fromkeys(range(64), 0),
        set(),
    )
    while waiting:
        chunk = waiting.pop()
        done: set[int] = set()
        for position in range(chunk.first, chunk.stop):
            if position in poisonous:
                tried[position] += 1
                judged |= done if chunk.tries else set()
                culprit = next(at for at in range(chunk.first, chunk.stop) if at not in judged)
                if chunk.tries + 1 == MAX_TRIES:
                    given_up.add(culprit)
                waiting += chunk.after_loss(culprit)
                break
            done.add(position)
        else:
            judged |= done
    assert given_up == {at for at in poisonous if at >= first}
    assert judged == set(range(first, 64)) - poisonous
    assert max(tried.values()) <= MAX_TRIES
