"""Whatever ends a jail, its worker or its container: it is replaced, and nothing stays behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import docker
import pytest
from docker.models.containers import Container

from sandbox import JailFault, JailUnavailable, Limits, Program, Status
from sandbox import pool as pool_module
from sandbox.jails import owner
from sandbox.jails.docker import LABEL, OWNER_LABEL
from sandbox.jails.docker_daemon import image_of
from sandbox.pool import OPENERS, JailPool, open_pool

HELLO = Program("print('hello')")


@pytest.fixture(params=sorted(OPENERS))
def kind(request: pytest.FixtureRequest, not_here: Callable[[str], NoReturn]) -> str:
    try:
        OPENERS[request.param]().close()
    except JailUnavailable as refusal:
        not_here(str(refusal))
    return str(request.param)


@pytest.fixture
def pool(kind: str) -> Iterator[JailPool]:
    with open_pool(kind, 1) as pool:
        yield pool


@pytest.fixture
def daemon(docker_available: None) -> Iterator[docker.DockerClient]:
    with contextlib.closing(docker.from_env()) as daemon:
        yield daemon


def _works(pool: JailPool) -> bool:
    with pool.jail() as jail, jail.load(HELLO, Limits()) as script:
        result = script.run(b"")
    return (result.status, result.stdout) == (Status.OK, b"hello\n")


def _containers_of(name: str) -> list[Container]:
    with contextlib.closing(docker.from_env()) as daemon:
        found: list[Container] = daemon.containers.list(
            all=True, filters={"label": f"{OWNER_LABEL}={name}"}
        )
    return found


def _agents_of(process: int) -> list[int]:
    """The agents of a process's local jails, as this machine numbers them."""
    return [agent for outer in _children(process) for agent in _children(outer)]


def _children(process: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        tasks = Path(f"/proc/{process}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def _kill_every_jail_of_this_process(kind: str) -> None:
    if kind == "docker":
        for container in _containers_of(owner.name()):
            container.kill()
    else:
        for agent in _agents_of(os.getpid()):
            os.kill(agent, signal.SIGKILL)


def test_a_jail_that_died_unused_is_replaced(pool: JailPool, kind: str) -> None:
    with pool.jail() as jail:
        first = jail
    _kill_every_jail_of_this_process(kind)
    assert select.select([first], [], [], 60)[0]
    assert _works(pool)
    with pool.jail() as jail:
        assert jail is not first


def test_a_jail_that_dies_in_a_run_is_a_fault_and_is_replaced(pool: JailPool, kind: str) -> None:
    with pytest.raises(JailFault):
        _call_while_the_jail_dies(pool, kind)
    assert _works(pool)


def _call_while_the_jail_dies(pool: JailPool, kind: str) -> None:
    program = Program("def f(x): return x")
    with pool.jail() as jail, jail.open_calls(program, "f", Limits()) as calls:
        assert calls.call([1], {}).value == 1
        _kill_every_jail_of_this_process(kind)
        while calls.call([2], {}).status is Status.OK:
            pass


def test_a_jail_is_replaced_after_so_many_runs(
    pool: JailPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pool.jail() as jail:
        first = jail
    monkeypatch.setattr(pool_module, "RUNS_PER_JAIL", first.runs + 1)
    assert _works(pool)
    assert not first.reusable
    assert _works(pool)


def _jails_of_this_process(kind: str) -> set[str]:
    if kind == "docker":
        return {str(container.id) for container in _containers_of(owner.name())}
    return {str(agent) for agent in _agents_of(os.getpid())}


def test_a_closed_pool_has_ended_its_jails_and_starts_no_other(kind: str) -> None:
    of_other_tests = _jails_of_this_process(kind)
    pool = open_pool(kind, 1)
    with pool.jail() as jail:
        assert jail.healthy
    pool.close()
    assert not jail.reusable
    assert _jails_of_this_process(kind) <= of_other_tests
    with pytest.raises(JailUnavailable), pool.jail():
        pass


WORKER = """
import sys
from sandbox import Limits, Program
from sandbox.jails import owner
from sandbox.pool import open_pool
pool = open_pool(sys.argv[1], 1)
program = Program("def f():\\n    if not __import__('os').fork(): pass\\n    while True: pass")
with pool.jail() as jail, jail.open_calls(program, "f", Limits(cpu_s=600)) as calls:
    print(owner.name(), flush=True)
    calls.call([], {})
"""


def test_a_worker_killed_in_a_run_takes_its_jail_along(kind: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, kind], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    name = worker.stdout.readline().strip()
    if kind == "docker":
        (container,) = _containers_of(name)
        worker.kill()
        with contextlib.suppress(docker.errors.NotFound):
            container.wait(condition="removed")
        assert not _containers_of(name)
    else:
        (agent,) = _agents_of(worker.pid)
        everything = [agent, *_children(agent)]
        pidfds = [os.pidfd_open(process) for process in everything]
        worker.kill()
        for pidfd in pidfds:
            assert select.select([pidfd], [], [], 60)[0]
            os.close(pidfd)
    worker.wait()
    worker.stdout.close()


@pytest.mark.docker
def test_containers_of_ended_workers_are_removed_and_no_others(
    daemon: docker.DockerClient,
) -> None:
    gone, living = (
        subprocess.Popen(
            [sys.executable, "-c", "from sandbox.jails import owner; print(owner.name()); input()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        for _ in range(2)
    )
    assert gone.stdout is not None
    assert living.stdout is not None
    names = [told.readline().strip() for told in (gone.stdout, living.stdout)]
    gone.communicate("\n")
    orphan, other = (
        daemon.containers.run(
            image_of("python"),
            ["python3", "-c", "import signal; signal.pause()"],
            detach=True,
            network_mode="none",
            labels={LABEL: "jail", OWNER_LABEL: name},
        )
        for name in names
    )
    try:
        OPENERS["docker"]().close()
        assert not _containers_of(names[0])
        assert [container.id for container in _containers_of(names[1])] == [other.id]
    finally:
        other.remove(force=True)
        with contextlib.suppress(docker.errors.NotFound):
            orphan.remove(force=True)
        living.communicate("\n")
