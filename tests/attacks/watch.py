"""Looks at jails and at this host from outside, as an operator would: no jail is asked anything.

Needs the rights of root to look into jails' namespaces; without them it sees nothing there, and
what the next run sees inside is all there is.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import docker

from sandbox.jails import owner
from sandbox.jails.docker import OWNER_LABEL

PLACES = ("tmp", "dev/shm")


@dataclass(frozen=True, slots=True)
class Host:
    """What a case must leave as it was."""

    children: int
    canary: str


def see_host(worker: int, canary: Path) -> Host:
    """What the worker holds, and a file that it could write."""
    return Host(children=len(_children(worker)), canary=canary.read_text())


def open_descriptors(worker: int) -> int:
    """How many files, pipes and sockets it holds."""
    return len(os.listdir(f"/proc/{worker}/fd"))


def resident_bytes(worker: int) -> int:
    """The memory that it has in use."""
    pages = Path(f"/proc/{worker}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def inhabitants(agents: Sequence[int]) -> list[list[str]]:
    """The command lines of every process in each agent's pid namespace but the agent's own."""
    found: list[list[str]] = [[] for _ in agents]
    with contextlib.suppress(PermissionError):
        homes = [os.readlink(f"/proc/{agent}/ns/pid") for agent in agents]
        for process in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                home = os.readlink(f"/proc/{process}/ns/pid")
                if home in homes and int(process) not in agents:
                    command = Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
                    found[homes.index(home)].append(command)
    return found


def litter(agent: int) -> list[str]:
    """What lies in the writable places of an agent's jail."""
    with contextlib.suppress(PermissionError):
        return [
            f"{place}/{name}"
            for place in PLACES
            for name in os.listdir(f"/proc/{agent}/root/{place}")
        ]
    return []


def agents(kind: str, worker: int) -> list[int]:
    """The agents of a worker's jails, as this host numbers them."""
    return _docker_agents(worker) if kind == "docker" else _local_agents(worker)


def _docker_agents(worker: int) -> list[int]:
    ours: dict[str, str | list[str] | bool] = {
        "label": f"{OWNER_LABEL}={owner.name(worker)}",
        "status": "running",
    }
    found = []
    for container in _daemon().containers.list(filters=ours, sparse=True):
        with contextlib.suppress(docker.errors.NotFound):
            found.append(_first_process(str(container.id)))
    return found


@functools.cache
def _daemon() -> docker.DockerClient:
    """One for all cases: thousands ask it."""
    daemon = docker.from_env()
    atexit.register(daemon.close)
    return daemon


@functools.cache
def _first_process(container: str) -> int:
    """As long as a container runs it is the same one."""
    return int(_daemon().api.inspect_container(container)["State"]["Pid"])


def _local_agents(worker: int) -> list[int]:
    jails = [
        child
        for child in _children(worker)
        if "namespaces.py" in Path(f"/proc/{child}/cmdline").read_text()
    ]
    return [agent for jail in jails for agent in _children(jail)]


def _children(process: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{process}/task"):
            listed = Path(f"/proc/{process}/task/{task}/children").read_text()
            children += map(int, listed.split())
    return children
