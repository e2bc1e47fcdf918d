"""Two API processes at one Redis: whatever one has taken, the other answers for."""

import json
import signal
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.cli.conftest import Start, start  # noqa: F401 - a fixture
from tests.api.cli.test_serve import serving
from tests.verifier.dispatch.batches import NEEDS_SANDBOX
from tests.verifier.dispatch.servers import RedisServer, Workers, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = pytest.mark.redis

TRUTHS = "1", NEEDS_SANDBOX
ASYNC = {"Prefer": "respond-async"}
LINES = {"Accept": "application/x-ndjson"}


class Pair:
    """Both processes, by one client each, and a client of the second one with another key."""

    def __init__(self, start: Start, server: RedisServer) -> None:  # noqa: F811
        started = [
            serving(start, "--redis", server.url, VERIFIER_API_KEYS="ours,theirs") for _ in "ab"
        ]
        self.process: subprocess.Popen[str] = started[0][0]
        self.a, self.b = (_client(address, "ours") for _, address in started)
        self.stranger = _client(started[1][1], "theirs")


def _client(address: str, key: str) -> httpx2.Client:
    return httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=600)


@pytest.fixture
def pair(
    start: Start,  # noqa: F811
    server: RedisServer,
    patience: None,
    workers: Workers,
) -> Iterator[Pair]:
    workers.start(2)
    both = Pair(start, server)
    yield both
    for client in (both.a, both.b, both.stranger):
        client.close()


def batch(*completions: str, **options: Any) -> dict[str, Any]:
    rows = [
        {"completion": text, "ground_truth": TRUTHS[n % 2], "id": f"r{n}", "group": f"g{n // 2}"}
        for n, text in enumerate(completions)
    ]
    return {"rollouts": rows, "batch_id": "run/step 1", **options}


URL = "/v1/batches/run%2Fstep%201"


def sent(client: httpx2.Client, body: dict[str, Any]) -> None:
    answer = client.post("/v1/score", json=body, headers=ASYNC)
    assert answer.status_code == 202, answer.text


def outcomes(answer: httpx2.Response) -> Sequence[str]:
    return [result["outcome"] for result in answer.json()["results"]]


def test_a_batch_taken_by_one_is_answered_by_the_other_while_it_runs_and_when_it_is_done(
    pair: Pair, tmp_path: Path
) -> None:
    began, go_on = tmp_path / "began", tmp_path / "go-on"
    sent(pair.a, batch("wrong", "say 2", "say 3", f"await {began} {go_on}", explain=True))
    wait_until(began.exists, "the last one is at work")
    running = pair.b.get(URL)
    assert running.status_code == 202
    assert running.headers["Location"] == URL
    assert running.json()["total"] == 4
    wait_until(lambda: pair.b.get(URL).json()["judged"] == 3, "the others are counted")
    go_on.touch()
    with pair.b.stream("GET", URL, headers=LINES) as stream:
        lines = [json.loads(line) for line in stream.iter_lines()]
    done = pair.b.get(URL, params={"wait": 60})
    assert done.status_code == 200
    assert done.json() == pair.a.get(URL, params={"wait": 60}).json()
    assert done.json()["batch_id"] == "run/step 1"
    assert [group["id"] for group in done.json()["groups"]] == ["g0", "g1"]
    by_index = sorted(lines, key=lambda line: line.pop("index"))
    assert by_index == done.json()["results"]
    assert pair.b.get(URL).json() == done.json()


def test_nobody_reaches_the_batches_of_another_key(pair: Pair) -> None:
    sent(pair.a, batch("say 1"))
    assert pair.b.get(URL, params={"wait": 60}).status_code == 200
    assert pair.stranger.get(URL).status_code == 404
    assert pair.stranger.delete(URL).status_code == 404
    assert pair.stranger.post("/v1/score", json=batch("say 2")).status_code == 200
    assert pair.b.get(URL).json()["results"][0]["answer"] == "1"


def test_a_batch_deleted_at_one_is_stopped_and_forgotten_by_the_other(
    pair: Pair, server: RedisServer, tmp_path: Path
) -> None:
    began = tmp_path / "began"
    sent(pair.a, batch("say 1", f"hang {began}", *["sleep 1"] * 200))
    wait_until(began.exists, "it is at work")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(pair.a.get, URL, params={"wait": 60})
        assert pair.b.delete(URL).status_code == 204
        answer = waiting.result()
    assert answer.status_code == 404 or outcomes(answer)[1] == "verifier_error"
    wait_until(lambda: pair.a.get(URL).status_code == 404, "the first one has forgotten it")
    assert pair.b.get(URL).status_code == 404
    assert pair.b.delete(URL).status_code == 404
    client = server.client()
    wait_until(lambda: not client.hlen(names.UNJUDGED), "nothing of it waits")
    wait_until(lambda: not client.keys(f"{names.OURS}batch:*"), "nothing of it is kept")
    assert not client.keys(f"{names.NAMED}*")
    assert pair.a.post("/v1/score", json=batch("say other")).status_code == 200  # the id is free


def test_a_judged_batch_deleted_at_one_is_forgotten_by_the_other(
    pair: Pair, tmp_path: Path
) -> None:
    body = batch(f"once {tmp_path / 'judged'}")
    assert outcomes(pair.a.post("/v1/score", json=body)) == ["correct"]
    assert pair.a.get(URL).status_code == 200
    assert pair.b.delete(URL).status_code == 204
    assert pair.a.get(URL).status_code == 404
    assert outcomes(pair.a.post("/v1/score", json=body)) == ["wrong_answer"]  # judged anew
    assert outcomes(pair.a.get(URL)) == ["wrong_answer"]


def test_a_batch_judged_long_ago_and_deleted_at_one_is_forgotten_by_the_other(
    pair: Pair, server: RedisServer
) -> None:
    body = batch("say 1", deadline_s=30)
    assert outcomes(pair.a.post("/v1/score", json=body)) == ["correct"]
    let_pass(server, names.KEEP_S + 60)
    assert pair.b.get(URL).status_code == 404  # Redis keeps its verdicts no longer
    assert pair.a.get(URL).status_code == 200
    assert pair.b.delete(URL).status_code == 204
    assert pair.a.get(URL).status_code == 404
    assert pair.b.delete(URL).status_code == 404


def let_pass(server: RedisServer, seconds: int) -> None:
    """Have all that ends in Redis end so much sooner."""
    with server.client() as client:
        for key in client.scan_iter():
            left_s = client.ttl(key)
            if left_s >= 0:
                client.expire(key, max(0, left_s - seconds))


def test_an_id_freed_at_one_and_used_again_there_names_the_new_batch_at_the_other(
    pair: Pair,
) -> None:
    pair.a.post("/v1/score", json=batch("say 1"))
    assert pair.b.delete(URL).status_code == 204
    assert pair.b.post("/v1/score", json=batch("wrong")).status_code == 200
    assert outcomes(pair.a.get(URL)) == ["wrong_answer"]
    assert pair.a.post("/v1/score", json=batch("say 1")).status_code == 409


def test_a_finished_batch_is_answered_without_redis_where_it_was_taken(
    pair: Pair, server: RedisServer
) -> None:
    pair.a.post("/v1/score", json=batch("say 1"))
    server.kill()
    assert outcomes(pair.a.get(URL)) == ["correct"]


def test_the_same_body_is_judged_once_and_another_one_under_its_id_refused(
    pair: Pair, tmp_path: Path
) -> None:
    body = batch(*(f"once {tmp_path / str(number)}" for number in range(20)))
    sent(pair.a, body)
    again = pair.b.post("/v1/score", json=body)
    assert outcomes(again) == ["correct"] * 20
    assert pair.b.post("/v1/score", json=batch("say 2")).status_code == 409


def test_a_batch_outlives_the_process_that_took_it(pair: Pair, tmp_path: Path) -> None:
    began = tmp_path / "began"
    sent(pair.a, batch(f"sleep 1 {began}", *["say 1"] * 50))
    wait_until(began.exists, "it is at work")
    pair.process.send_signal(signal.SIGKILL)
    done = pair.b.get(URL, params={"wait": 60})
    assert outcomes(done) == ["correct"] * 51


def test_a_failure_of_ours_is_told_by_both_and_judged_again_when_it_is_sent_again(
    pair: Pair, tmp_path: Path
) -> None:
    body = batch("fail", f"once {tmp_path / 'judged'}")
    assert outcomes(pair.a.post("/v1/score", json=body)) == ["verifier_error", "correct"]
    found = pair.b.get(URL)
    assert outcomes(found) == ["verifier_error", "correct"]
    assert outcomes(pair.b.post("/v1/score", json=body)) == ["verifier_error", "wrong_answer"]


def test_what_was_not_judged_in_time_is_told_by_both(pair: Pair, tmp_path: Path) -> None:
    body = batch("say 1", f"hang {tmp_path / 'hung'}", deadline_s=1.5)
    sent(pair.a, body)
    answers = [client.get(URL, params={"wait": 60}) for client in (pair.b, pair.a, pair.b)]
    first, *others = [outcomes(answer) for answer in answers]
    assert others == [first] * 2
    assert first[1] == "deadline_exceeded"
    assert first[0] in {"correct", "deadline_exceeded"}, "a busy machine may be late with it too"


def test_workers_and_waiting_rollouts_are_told_by_kind(pair: Pair, tmp_path: Path) -> None:
    sent(pair.a, batch("say 1", f"hang {tmp_path / 'hung'}"))
    wait_until(lambda: pair.b.get("/readyz").json()["queued_rollouts"] == 1, "one is judged")
    assert pair.b.get("/readyz").json()["kinds"] == {
        "math": {"workers": 2, "queued_rollouts": 0},
        "code": {"workers": 2, "queued_rollouts": 1},
    }
    assert 'verifier_kind_queued_rollouts{kind="code"} 1.0' in pair.b.get("/metrics").text


def test_without_redis_it_says_when_to_come_back(pair: Pair, server: RedisServer) -> None:
    server.kill()
    for answer in (pair.b.get(URL), pair.b.delete(URL)):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
