"""Keys follow each other without a restart, and each may take what is said of it."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.access import keys as api_keys
from api.access.keys import KeyRing, read_keys
from api.http.budget import BodyBudget
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher
from verifier.dispatch import QueueFull


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(api_keys, "LOOK_S", 0.01)
    return tmp_path / "keys"


def write(file: Path, *lines: str) -> None:
    """As a whole, as secrets are replaced."""
    other = file.with_suffix(".new")
    other.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    other.replace(file)


async def sent(
    client: httpx2.AsyncClient, key: str, rollouts: int = 1, batch_id: str | None = None
) -> httpx2.Response:
    body: dict[str, Any] = {"rollouts": [{"completion": "correct", "ground_truth": "1"}] * rollouts}
    body |= {"batch_id": batch_id} if batch_id else {}
    return await client.post("/v1/score", json=body, headers={"Authorization": f"Bearer {key}"})


async def becomes(client: httpx2.AsyncClient, key: str, status: int) -> None:
    while (await sent(client, key)).status_code != status:  # noqa: ASYNC110 - no event says so
        await asyncio.sleep(0.01)


async def test_one_key_follows_another_while_the_service_runs(connect: Connect, file: Path) -> None:
    write(file, "old name=team")
    async with connect(api_keys_file=file) as client:
        assert (await sent(client, "old", batch_id="step-1")).status_code == 200
        write(file, "old name=team", "new name=team")
        await becomes(client, "new", 200)
        write(file, "new name=team")
        await becomes(client, "old", 401)
        found = await client.get("/v1/batches/step-1", headers={"Authorization": "Bearer new"})
        assert found.status_code == 200, "keys of one name are one owner"


async def test_a_file_that_cannot_be_used_changes_nothing(
    connect: Connect, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, "old")
    async with connect(api_keys_file=file) as client:
        write(file, "new nonsense=secret")
        while "the keys stay as they were" not in caplog.text:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        assert "secret" not in caplog.text
        assert (await sent(client, "old")).status_code == 200
        await asyncio.to_thread(file.unlink)
        assert (await sent(client, "old")).status_code == 200
        write(file)
        await becomes(client, "old", 401)


async def test_a_key_has_limits_of_its_own_and_its_use_is_counted(
    connect: Connect, file: Path
) -> None:
    write(file, "a name=slow rollouts_per_s=1", "b name=few queued_rollouts=5", "c")
    async with connect(api_keys_file=file) as client:
        assert (await sent(client, "a", 61)).status_code == 200, "a minute's worth at once"
        refusal = await sent(client, "a")
        assert refusal.status_code == 429
        assert "1 rollouts a second" in refusal.json()["detail"]
        assert int(refusal.headers["Retry-After"]) >= 1
        refusal = await sent(client, "b", 6)
        assert (refusal.status_code, "limit of 5" in refusal.json()["detail"]) == (429, True)
        for _ in range(3):
            assert (await sent(client, "b", 5)).status_code == 200, "those before are judged"
        assert (await sent(client, "c", 100)).status_code == 200
        page = (await client.get("/metrics")).text
    unnamed = hashlib.sha256(b"c").hexdigest()[:8]
    for line in (
        'verifier_key_rollouts_total{key="slow"} 61.0',
        'verifier_key_refused_rollouts_total{key="slow"} 1.0',
        'verifier_key_rollouts_total{key="few"} 15.0',
        'verifier_key_queued_rollouts{key="few"} 0.0',
        f'verifier_key_rollouts_total{{key="{unnamed}"}} 100.0',
    ):
        assert line in page.splitlines()


async def test_a_trainer_that_knows_no_later_waits_for_the_limit_of_its_key(
    connect: Connect,
    file: Path,
    dispatcher: ObedientDispatcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.routes.judging.BETWEEN_ATTEMPTS_S", 0.001)
    write(file, "k queued_rollouts=1")
    sample = {"response": "wait correct", "label": "1"}
    async with connect(api_keys_file=file) as client:
        client.headers["Authorization"] = "Bearer k"
        asked = [asyncio.create_task(client.post("/slime/reward", json=sample)) for _ in range(2)]
        while 'refused_rollouts_total{key="' not in (await client.get("/metrics")).text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        dispatcher.gate.set()
        assert [(await answer).text for answer in asked] == ["1.0", "1.0"]


async def test_what_memory_there_was_none_for_does_not_count_as_the_keys(
    connect: Connect, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = BodyBudget.take

    def full(budget: BodyBudget, count: int, *beside: int) -> None:
        """Without a word beside it, it is a batch that begins."""
        if not beside:
            raise QueueFull("No memory.", retry_after_s=1)
        take(budget, count, *beside)

    write(file, "k queued_rollouts=1")
    async with connect(api_keys_file=file) as client:
        with monkeypatch.context() as patch:
            patch.setattr(BodyBudget, "take", full)
            refusal = await sent(client, "k")
            assert (refusal.status_code, refusal.json()["detail"]) == (429, "No memory.")
        assert (await sent(client, "k")).status_code == 200


def test_a_line_that_says_something_else_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="line 2") as refusal:
        read_keys(["# ours", "key its=secret"])
    assert "secret" not in str(refusal.value)


def test_without_keys_everyone_is_the_same_owner(tmp_path: Path) -> None:
    assert KeyRing([""], None).owner(b"whatever") == b""
    (tmp_path / "keys").touch()
    assert not KeyRing([], tmp_path / "keys").needed


async def test_a_key_of_one_traffic_sends_no_other(connect: Connect, file: Path) -> None:
    write(file, "trains traffic=training", "evaluates traffic=evaluation", "either")
    for queue, kept_out in (("training", "evaluates"), ("evaluation", "trains")):
        async with connect(api_keys_file=file, queue=queue) as client:
            found = {k: await sent(client, k) for k in ("trains", "evaluates", "either")}
            refused = found.pop(kept_out)
            assert refused.status_code == 403
            assert f"this service takes {queue}" in refused.json()["detail"]
            assert {answer.status_code for answer in found.values()} == {200}
