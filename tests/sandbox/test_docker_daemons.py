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


def test_podman_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As 4.3 answers; what it cannot do was seen there."""
    engine = {"Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]}
    monkeypatch.setattr(docker.DockerClient, "version", lambda self: engine)
    with pytest.raises(JailUnavailable, match=r"it is Podman.*use Docker's daemon or --sandbox"):
        open_docker_jail()


def test_an_image_that_is_not_here_is_not_fetched_from_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pulled: list[object] = []
    monkeypatch.setattr(
        docker.models.images.ImageCollection, "pull", lambda self, *asked: pulled.append(asked)
    )
    with pytest.raises(JailUnavailable, match="verifier sandbox build --variant none"):
        open_docker_jail("none")
    assert pulled == []


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


@pytest.mark.parametrize(
    ("limit", "instead"), [("pids", {"pids_limit": -1}), ("milli_cpus", {"cpu_quota": -1})]
)
def test_a_limit_that_is_not_in_force_is_found(
    monkeypatch: pytest.MonkeyPatch, limit: str, instead: dict[str, int]
) -> None:
    really = docker.models.containers.ContainerCollection.run

    def without_limit(self: Any, *args: Any, **options: Any) -> Any:
        return really(self, *args, **options | instead)

    monkeypatch.setattr(docker.models.containers.ContainerCollection, "run", without_limit)
    with pytest.raises(JailUnavailable, match=f"limits are not in force: {limit}"):
        open_docker_jail()
