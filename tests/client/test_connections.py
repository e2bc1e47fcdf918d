"""Forked, spawned and threaded: whoever asks gets the verdicts on what it asked."""

import asyncio
import multiprocessing
import os
import pickle
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import verifier_client.connections
import verifier_client.trl
from verifier_client import AsyncClient, Client, Mismatched, Refused, Unavailable, Unusable

pytestmark = pytest.mark.slow

ROWS = 400
PROCESSES = 4


def completion(number: int) -> str:
    return f"It is \\boxed{{{number if number % 3 else number + 1}}}."


def wanted(number: int) -> float:
    return 1.0 if number % 3 else 0.0


def score_as_trl_does(number: int) -> float | None:
    prompt, truth = f"p{number}", str(number)
    return verifier_client.trl.verifier_reward([prompt], [completion(number)], [truth])[0]


def score_with(client: Client, number: int) -> float | None:
    row = {"completion": completion(number), "ground_truth": str(number)}
    return client.score([row]).rewards[0]


@pytest.mark.usefixtures("_trainers")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_processes_that_share_a_used_client_get_their_own_verdicts(kind: str) -> None:
    """What `datasets.map(fn, num_proc=4)` does after one row was scored."""
    assert score_as_trl_does(1) == 1.0
    context = multiprocessing.get_context(kind)
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        found = list(pool.map(score_as_trl_does, range(ROWS)))
    assert found == [wanted(number) for number in range(ROWS)]


def test_threads_share_a_client(service_url: str) -> None:
    with Client(service_url) as client, ThreadPoolExecutor(16) as pool:
        found = list(pool.map(score_with, [client] * 200, range(200)))
    assert found == [wanted(number) for number in range(200)]


def test_a_client_goes_to_another_process_as_its_settings(service_url: str) -> None:
    with Client(service_url, patience_s=7, api_key="k") as client:
        assert score_with(client, 1) == 1.0
        copy = pickle.loads(pickle.dumps(client))
        assert copy.settings == client.settings
        assert score_with(copy, 3) == 0.0
        copy.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_child_does_not_wait_for_a_lock_of_its_parents(service_url: str) -> None:
    with Client(service_url) as client:
        assert score_with(client, 1) == 1.0
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with verifier_client.connections._process:
                held.set()
                done.wait()

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        child = multiprocessing.get_context("fork").Process(target=score_with, args=(client, 1))
        child.start()
        child.join(600)
        code = child.exitcode
        child.kill()
        done.set()
        holder.join()
    assert code == 0


def test_one_async_client_serves_one_event_loop_after_another(service_url: str) -> None:
    client = AsyncClient(service_url)

    async def score(number: int) -> float | None:
        row = {"completion": completion(number), "ground_truth": str(number)}
        reward = (await client.score([row])).rewards[0]
        await client.close()
        return reward

    assert [asyncio.run(score(number)) for number in range(3)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "error",
    [Refused(422, "field"), Mismatched("other"), Unavailable("later"), Unusable("no address")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_out_of_a_process_pool_as_it_was(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
