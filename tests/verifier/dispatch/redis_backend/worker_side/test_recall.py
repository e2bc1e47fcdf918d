"""What workers share of verdicts: for whom, by what, how many, and whatever else lies there."""

from dataclasses import replace

import pytest

from tests.verifier.dispatch.servers import RedisServer
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.ledger.memory import MemoryLedger
from verifier.dispatch.redis_backend.worker_side.recall import MAX_BYTES, Recall, judged_by
from verifier.model import LimitsOverride, Outcome, Rollout, Run, TruthText, Verdict
from verifier.remembered import VARIABLE

pytestmark = pytest.mark.redis
ROLLOUT = Rollout(completion="a", ground_truth=TruthText('"1"'), id="x")
WRONG = Verdict(outcome=Outcome.WRONG_ANSWER, first_failure={"case": 1, "got": "é\0"}, cpu_s=0.5)
LASTING = replace(WRONG, holds_for_equal=True, lasts=True)


def told(recall: Recall, rollout: Rollout, verdict: Verdict, owner: str = "me") -> None:
    recalled = recall.of([(7, rollout)], owner)
    recalled.learn(7, verdict)
    recalled.tell()


def found(recall: Recall, rollout: Rollout, owner: str = "me") -> Verdict | None:
    return recall.of([(3, rollout)], owner).verdict(3)


def test_what_one_worker_finds_for_good_no_other_runs_again(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.client() as client:
        one, other = Recall(client, "judge"), Recall(client, "judge")
        told(one, ROLLOUT, LASTING)
        assert found(other, replace(ROLLOUT, id="y", group="g")) == WRONG
        assert found(other, ROLLOUT, "another") is None
        assert found(Recall(client, "another release"), ROLLOUT) is None
        for asked in (
            replace(ROLLOUT, completion="b"),
            replace(ROLLOUT, ground_truth=TruthText('"2"')),
            replace(ROLLOUT, limits=LimitsOverride(cpu_s=1)),
            replace(ROLLOUT, truncated=True),
            replace(ROLLOUT, any_order=True),
        ):
            assert found(other, asked) is None, asked
            for verdict in (
                WRONG,
                Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED, holds_for_equal=True),
                replace(LASTING, message="x" * MAX_BYTES),
            ):
                told(one, asked, verdict)
                assert found(other, asked) is None, (asked, verdict)
        assert one.of([(0, Run(source="1", language="python"))], "me").verdict(0) is None
        assert 0 < client.ttl(names.REMEMBERED) <= names.REMEMBERED_S
        monkeypatch.setenv(VARIABLE, "0")
        assert found(Recall(client, "judge"), ROLLOUT) is None
        assert client.hlen(names.REMEMBERED) == 1


def test_what_no_worker_can_have_written_is_not_believed(server: RedisServer) -> None:
    with server.client() as client:
        recall = Recall(client, "judge")
        told(recall, ROLLOUT, LASTING)
        (key,) = client.hkeys(names.REMEMBERED)
        for line in (b"", b"\xff", b"[]", b"{}", b'{"index": 0, "outcome": "verifier_error"}'):
            client.hset(names.REMEMBERED, key, line)
            assert found(recall, ROLLOUT) is None, line
        client.set(names.REMEMBERED, "no hash")
        assert found(recall, ROLLOUT) is None


def test_those_asked_for_last_are_kept_and_none_where_room_is_short(server: RedisServer) -> None:
    with server.client() as client:
        ledger = MemoryLedger(client, most=4)
        for key in (b"a", b"b", b"c"):
            ledger.keep({key: key.upper()})
        assert ledger.find([b"a", b"c", b"x"]) == ([None, b"C", None], [b"A", None, None])
        ledger.keep({b"a": b"A"})  # as `Recalled` does with what is found before
        ledger.keep({b"d": b"D"})
        assert ledger.find([b"a", b"b", b"c", b"d"])[0] == [None, None, None, b"D"]
        assert ledger.find([b"a", b"b", b"c", b"d"])[1] == [b"A", None, b"C", None]
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] * 1.5))
        ledger.keep({b"e": b"E"})
        assert not client.exists(names.REMEMBERED, names.REMEMBERED_BEFORE)


def test_a_release_setting_or_image_of_its_own_has_verdicts_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = judged_by("an image")
    assert judged_by("an image") == usual
    assert judged_by("another") != usual
    monkeypatch.setenv("VERIFIER_REDIS", "redis://elsewhere")
    assert judged_by("an image") == usual
    monkeypatch.setenv("VERIFIER_JAIL_MEMORY_MB", "77")
    assert judged_by("an image") != usual
