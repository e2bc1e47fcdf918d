"""Registered ground truths in memory, a folder, Redis: same bounds, and all find what one put."""

import hashlib
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.http.errors import Refusal
from api.problems.folder import ProblemFolder
from api.problems.registry import ProblemRegistry, Problems
from api.problems.shared import SharedProblemRegistry
from tests.verifier.dispatch.servers import RedisServer
from verifier.dispatch.redis_backend import names
from verifier.model import Kind

pytestmark = pytest.mark.redis

OWNER, STRANGER = (hashlib.sha256(key).digest() for key in (b"one", b"other"))


@pytest.fixture(params=["memory", "folder", "redis"])
def registry(request: pytest.FixtureRequest) -> Problems:
    """Room for three problems and 1,000 bytes."""
    if request.param == "memory":
        return ProblemRegistry(3, 1000)
    if request.param == "folder":
        return ProblemRegistry(3, 1000, ProblemFolder(request.getfixturevalue("tmp_path")))
    return SharedProblemRegistry(request.getfixturevalue("server").url, 3, 1000)


def refused(registry: Problems, name: str, ground_truth: object) -> int:
    with pytest.raises(Refusal) as refusal:
        registry.put(OWNER, name, ground_truth)
    return refusal.value.status


def test_what_is_registered_is_found(registry: Problems) -> None:
    truth = {"kind": "math", "b": 1, "answers": ["1", "\ud800"]}
    entry, new = registry.put(OWNER, "two sum/é", truth)
    assert new
    assert registry.get(OWNER, "two sum/é") == entry
    assert list(json.loads(entry.ground_truth.text)) == list(truth)
    assert registry.get(OWNER, "two-sum") is None


def test_a_name_can_be_given_anew(registry: Problems) -> None:
    registry.put(OWNER, "a", "1")
    entry, new = registry.put(OWNER, "a", "2")
    assert not new
    assert registry.get(OWNER, "a") == entry
    found = registry.get(OWNER, "a")
    assert found
    assert found.ground_truth.text == '"2"'


@pytest.mark.parametrize("stranger", [STRANGER, b""])
def test_what_one_owner_registered_is_there_for_no_other(
    registry: Problems, stranger: bytes
) -> None:
    entry, _ = registry.put(OWNER, "a", "1")
    by_digest = f"sha256:{entry.sha256}"
    registry.put(OWNER, by_digest, "1")
    assert registry.get(stranger, "a") is None
    assert registry.get(stranger, by_digest) is None
    _, new = registry.put(stranger, "a", "2")
    assert new
    assert registry.get(OWNER, "a") == entry


def test_the_registry_is_bounded_in_number_and_bytes(registry: Problems) -> None:
    for name in "abc":
        registry.put(OWNER, name, "x" * 100)
    assert refused(registry, "d", "x") == 507
    registry.put(OWNER, "a", "x" * 700)
    assert refused(registry, "b", "x" * 300) == 507
    registry.put(OWNER, "a", "x")
    registry.put(OWNER, "b", "x" * 300)


def test_a_name_that_is_a_wrong_digest_is_refused(registry: Problems) -> None:
    assert refused(registry, "sha256:" + "0" * 64, "1") == 422


def test_another_process_finds_it_and_keeps_one_object(server: RedisServer) -> None:
    one, other = (SharedProblemRegistry(server.url, 10, 10**6) for _ in range(2))
    one.put(OWNER, "a", {"kind": "math", "answers": ["1"]})
    first, second = other.get(OWNER, "a"), other.get(OWNER, "a")
    assert first
    assert second
    assert json.loads(first.ground_truth.text) == {"kind": "math", "answers": ["1"]}
    assert first.ground_truth.kind is Kind.MATH
    assert first.ground_truth is second.ground_truth


def test_the_bound_holds_when_many_register_at_once(server: RedisServer) -> None:
    registry = SharedProblemRegistry(server.url, 50, 10**6)
    numbers = itertools.count()

    def put(_: int) -> bool:
        try:
            return registry.put(OWNER, f"p{next(numbers)}", "x" * 98)[1]
        except Refusal:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(put, range(100))) == 50
    client = server.client()
    assert client.hlen(names.PROBLEMS) == 50
    assert client.get(names.PROBLEMS_BYTES) == b"5000"


def test_without_redis_it_says_when_to_come_back(server: RedisServer) -> None:
    registry = SharedProblemRegistry(server.url, 3, 1000)
    server.kill()
    assert refused(registry, "a", "1") == 503
    with pytest.raises(Refusal, match="cannot be reached at present"):
        registry.get(OWNER, "a")
