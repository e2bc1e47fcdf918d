"""Redis over TLS, and behind sentinels that put another in its place: real ones, on ports of their
own."""

import asyncio
import contextlib
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from tests.verifier.dispatch.batches import judge, rewards, rollouts
from tests.verifier.dispatch.servers import Worker, wait_until
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.dispatch.redis_backend.connection import connect

pytestmark = pytest.mark.redis
SENTINEL = """
port {port}
bind 127.0.0.1
sentinel monitor verifier 127.0.0.1 {watched} 1
sentinel down-after-milliseconds verifier 1000
sentinel failover-timeout verifier 3000
"""


class Programs:
    """Of redis-server, each in a folder of its own, ended with the test."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def start(self, port: int, *options: str) -> "subprocess.Popen[bytes]":
        folder = self._folder / str(port)
        folder.mkdir()
        command = ["redis-server", *options, "--dir", str(folder), "--bind", "127.0.0.1"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    with ExitStack() as stack:
        yield Programs(tmp_path, stack)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A key and its certificate, for this machine."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def answers(client: redis.Redis) -> bool:
    with contextlib.suppress(redis.RedisError):
        return bool(client.ping())
    return False


async def test_a_batch_outlives_the_fall_of_its_redis(programs: Programs, tmp_path: Path) -> None:
    first, second, watching = free_port(), free_port(), free_port()
    fallen = programs.start(first, "--port", str(first), "--save", "")
    replica = ["--port", str(second), "--save", "", "--replicaof", "127.0.0.1", str(first)]
    programs.start(second, *replica)
    with redis.Redis(port=second) as client:
        wait_until(
            lambda: answers(client) and client.info()["master_link_status"] == "up", "it follows"
        )
    settings = tmp_path / "sentinel.conf"
    settings.write_text(SENTINEL.format(port=watching, watched=first))
    programs.start(watching, str(settings), "--sentinel")
    address = f"redis+sentinel://127.0.0.1:{watching}/verifier/0"
    with connect(address) as client:
        wait_until(lambda: answers(client), "the sentinel names it")
        with redis.Redis(port=watching) as sentinel:
            wait_until(
                lambda: sentinel.sentinel_master("verifier")["num-slaves"] == 1,
                "it knows of the replica",
            )
        workers = [Worker(address) for _ in range(2)]
        try:
            wait_until(lambda: client.zcard(names.WORKERS) == len(workers), "they are ready")
            running = RedisDispatcher(address)
            await running.start()
            try:

                async def fall() -> None:
                    fallen.kill()

                batch = rollouts(*["say x", "wrong"] * 100)
                undisturbed = rewards(await judge(running, batch))
                assert rewards(await judge(running, batch, fall)) == undisturbed
                assert client.connection_pool.get_master_address()[1] == second
            finally:
                await running.stop()
        finally:
            for worker in workers:
                await asyncio.to_thread(worker.kill)


async def test_nothing_travels_in_the_clear_over_rediss(programs: Programs, tmp_path: Path) -> None:
    key, certificate = self_signed(tmp_path)
    port = free_port()
    tls = ["--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    tls += ["--tls-ca-cert-file", str(certificate), "--tls-auth-clients", "no"]
    programs.start(port, "--port", "0", "--tls-port", str(port), "--save", "", *tls)
    address = f"rediss://127.0.0.1:{port}/0"
    trusted = f"{address}?ssl_ca_certs={certificate}"
    with connect(trusted) as client:
        wait_until(lambda: answers(client), "it answers")
        worker = Worker(trusted)
        try:
            wait_until(lambda: client.zcard(names.WORKERS) == 1, "it is ready")
            running = RedisDispatcher(trusted)
            await running.start()
            assert rewards(await judge(running, rollouts("say x"))) == [1.0]
            await running.stop()
        finally:
            worker.kill()
    with connect(address) as stranger, pytest.raises(redis.ConnectionError, match="CERTIFICATE"):
        stranger.ping()
    with (
        connect(f"redis://127.0.0.1:{port}/0") as plain,
        pytest.raises(redis.ConnectionError),
    ):
        plain.ping()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("redis+sentinel://127.0.0.1", "ends in the name of the service"),
        ("redis+sentinel://127.0.0.1/verifier/x", "ends in the name of the service"),
        ("redis+sentinel://:26379,/verifier", "names a host"),
        ("nonsense", "URL"),
    ],
)
def test_an_address_that_is_none_is_told(address: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        connect(address)
