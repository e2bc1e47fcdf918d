"""A daemon that cannot hold a program is refused, with the reason, before it is given one."""

from typing import Any

import docker
import pytest

from sandbox import JailUnavailable
from sandbox.docker_jail import RUNTIME_VARIABLE, open_docker_jail

pytestmark = pytest.mark.docker


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"MemoryLimit": False}, "no memory limit"),
        ({"PidsLimit": False}, "no limit on processes"),
        ({"CpuCfsQuota": False}, "no limit on CPUs"),
        ({"SecurityOptions": ["name=apparmor"]}, "no seccomp"),
        ({"SecurityOptions": None}, "no seccomp"),
        ({"OSType": "windows"}, "no Linux containers"),
    ],
    ids=lambda value: str(value).replace(" ", "_"),
)
def test_a_daemon_without_what_a_jail_needs_is_refused(
    monkeypatch: pytest.MonkeyPatch, says: dict[str, Any], reason: str
) -> None:
    really = docker.DockerClient.info
    monkeypatch.setattr(docker.DockerClient, "info", lambda self: really(self) | says)
    with pytest.raises(JailUnavailable, match=reason):
        open_docker_jail()


def test_a_runtime_that_the_daemon_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(RUNTIME_VARIABLE, "no-such-runtime")
    with pytest.raises(JailUnavailable, match="no runtime 'no-such-runtime'"):
        open_docker_jail()


def test_a_runtime_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUNTIME_VARIABLE, "runc")
    jail = open_docker_jail()
    assert jail.healthy
    jail.close()


def test_a_limit_that_is_not_in_force_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.group_limits.PIDS", 64)
    really = docker.models.containers.ContainerCollection.run

    def without_limit(self: Any, *args: Any, **options: Any) -> Any:
        return really(self, *args, **options | {"pids_limit": -1})

    monkeypatch.setattr(docker.models.containers.ContainerCollection, "run", without_limit)
    with pytest.raises(JailUnavailable, match="limits are not in force: pids"):
        open_docker_jail()
