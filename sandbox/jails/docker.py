"""The Docker jail: a warm hardened container."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound, NotFound
from docker.models.containers import Container
from docker.types import LogConfig, Ulimit
from requests import Timeout

from sandbox import agent
from sandbox.agent import seccomp
from sandbox.errors import JailFault, JailUnavailable
from sandbox.jails import owner
from sandbox.jails.docker_daemon import (
    RUNTIME_VARIABLE,
    connect,
    image_of,
    resolve_image,
    shortcomings,
)
from sandbox.jails.group_limits import PIDS, memory_bytes, require_in_force
from sandbox.languages import PYTHON
from sandbox.libraries import preloading
from sandbox.model import MIB
from sandbox.runs.warm_jail import WarmJail

IMAGE_FOLDER = Path(__file__).parents[1]
"""Build context of the image; the Dockerfile is in image/."""
AGENT = Path(agent.__file__).parent
AGENT_HOME = "/run/verifier"
"""Where the jail's folder is mounted: the agent's code and its socket, for as long as it starts."""
LABEL = "verifier.sandbox"
OWNER_LABEL = f"{LABEL}.owner"
CPU_PERIOD_US = 10_000
CPUS = 2
SCRATCH_OPTIONS = "mode=1777,size=64m,nr_inodes=32k,nosuid,nodev"
NETWORK_SETTINGS = {"net.ipv4.tcp_max_tw_buckets": "0"}
"""A port that a run has used is free at once for the next one."""
START_LIMIT_S = 60.0
REMOVE_LIMIT_S = 10
_THREAD_STACK_BYTES = 8 * MIB


def open_docker_jail(variant: str = PYTHON) -> WarmJail:
    """Start one container. Raises JailUnavailable, with the reason and what to do."""
    daemon = connect()
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(daemon.close)
        if missing := shortcomings(daemon):
            raise JailUnavailable(f"this Docker daemon cannot isolate a run: {'; '.join(missing)}")
        reap_orphans(daemon)
        try:
            image = resolve_image(daemon, variant)
            container, connection = _start(daemon, image, variant)
        except ImageNotFound as error:
            raise JailUnavailable(
                f"the image {image}, which this process began with, is gone; start it again"
            ) from error
        except (OSError, DockerException) as error:
            said = getattr(error, "explanation", None) or error
            raise JailUnavailable(f"the sandbox container did not start: {said}") from error
        on_failure.callback(_remove, container)
        on_failure.callback(connection.close)

        def shut_down() -> None:
            _remove(container)
            daemon.close()

        try:
            link = WarmJail(connection, shut_down, image=f"{image_of(variant)} ({image})")
        except JailFault as fault:
            raise JailUnavailable(f"the agent in the container does not serve: {fault}") from fault
        if not _is_taken_at_its_word(link.cgroup):
            require_in_force(link.cgroup, milli_cpus=1000 * CPUS)
        on_failure.pop_all()
        return link


def reap_orphans(daemon: docker.DockerClient) -> None:
    """Remove the jails whose worker is gone. They end by themselves when it is; this is for those
    that could not. Never those of a worker that lives, or of another machine's."""
    with contextlib.suppress(DockerException, OSError):
        for container in daemon.containers.list(all=True, filters={"label": f"{LABEL}=jail"}):
            if owner.is_gone(container.labels.get(OWNER_LABEL, "")):
                _remove(container)


def build_image(
    base: str | None = None,
    network: str | None = None,
    variant: str = PYTHON,
    languages: Collection[str] = (),
) -> str:
    """Build the image of a variant from sandbox/image/Dockerfile; returns its tag. `languages`:
    those whose toolchains it shall have, where not all.

    Raises JailUnavailable with the end of the build's log."""
    arguments = {"LANGUAGES": " ".join(languages), **({"BASE": base} if base else {})}
    daemon = connect()
    try:
        daemon.images.build(
            path=str(IMAGE_FOLDER),
            dockerfile="image/Dockerfile",
            target=variant,
            tag=_tag(variant),
            buildargs=arguments,
            network_mode=network,
            rm=True,
        )
    except (OSError, DockerException) as error:
        raise JailUnavailable(f"the sandbox image could not be built: {error}") from error
    finally:
        daemon.close()
    return _tag(variant)


def _tag(variant: str) -> str:
    """Of images that are built here, whichever jails are started from."""
    return f"verifier-sandbox:{variant}"


def _is_taken_at_its_word(cgroup: Mapping[str, int | None]) -> bool:
    """Whether limits are the runtime's affair: its kernel of its own shows the agent none."""
    return bool(os.environ.get(RUNTIME_VARIABLE)) and cgroup["memory"] is None


def _start(
    daemon: docker.DockerClient, image: str, variant: str
) -> tuple[Container, socket.socket]:
    folder = tempfile.mkdtemp(prefix="verifier-jail-")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        # The agent inside is root without the right to pass by permissions: it must be let in.
        shutil.copytree(AGENT, f"{folder}/agent", ignore=shutil.ignore_patterns("__pycache__"))
        for place, _, files in os.walk(folder):
            os.chmod(place, 0o755)  # noqa: S103
            for file in files:
                os.chmod(f"{place}/{file}", 0o644)
        listener.bind(f"{folder}/agent.sock")
        os.chmod(f"{folder}/agent.sock", 0o666)  # noqa: S103 - gone before the first run
        listener.listen(1)
        container = _run_container(daemon, image, variant, folder)
        try:
            return container, _accept(listener, container)
        except BaseException:
            _remove(container)
            raise
    finally:
        # From here on there is no socket that a run could find, nor anything else of ours.
        listener.close()
        shutil.rmtree(folder, ignore_errors=True)


def _accept(listener: socket.socket, container: Container) -> socket.socket:
    listener.settimeout(1.0)
    patience_ends = time.monotonic() + START_LIMIT_S
    while True:
        try:
            caller, _ = listener.accept()
        except TimeoutError:
            _raise_if_ended(container)
            if time.monotonic() > patience_ends:
                raise TimeoutError(f"its agent did not call within {START_LIMIT_S:g} s") from None
            continue
        if _is_the_agent(caller, container):
            caller.setblocking(True)
            return caller
        caller.close()


def _is_the_agent(caller: socket.socket, container: Container) -> bool:
    """Any user of this machine could call while the socket is there."""
    credentials = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    process, uid, _ = struct.unpack("3i", credentials)
    if uid in (0, os.geteuid()):
        return True
    container.reload()
    return bool(process == container.attrs["State"]["Pid"])


def _raise_if_ended(container: Container) -> None:
    try:
        container.reload()
        status = container.status
    except NotFound:
        status = "gone"
    if status != "running":
        runtime = os.environ.get(RUNTIME_VARIABLE)
        needs = (
            f"; the runtime {runtime} must let it call a socket of the host and count the waits "
            "for a CPU in /proc/<pid>/schedstat, which gVisor does not"
        )
        raise OSError(f"its agent ended at once ({status}){needs if runtime else ''}")


def _run_container(daemon: docker.DockerClient, image: str, variant: str, folder: str) -> Container:
    return daemon.containers.run(
        image,
        ["python3", "-S", "-s", "-B", "-P", "-m", "agent", "--socket", f"{AGENT_HOME}/agent.sock"],
        detach=True,
        auto_remove=True,
        runtime=os.environ.get(RUNTIME_VARIABLE),
        labels={LABEL: "jail", OWNER_LABEL: owner.name()},
        environment={"PYTHONPATH": AGENT_HOME, **agent.ENVIRONMENT, **preloading(variant)},
        entrypoint=[],
        init=False,
        user="0:0",
        working_dir="/",
        hostname="sandbox",
        network_mode="none",
        ipc_mode="private",
        read_only=True,
        volumes={folder: {"bind": AGENT_HOME, "mode": "ro"}},
        sysctls=NETWORK_SETTINGS,
        tmpfs={
            **dict.fromkeys(("/tmp", "/dev/shm", "/mnt"), SCRATCH_OPTIONS),  # noqa: S108
            "/dev/mqueue": "ro,size=4k",
        },
        devices=["/dev/full:/dev/zero:rw"],  # see sandbox.agent.seccomp
        cap_drop=["ALL"],
        cap_add=["SETUID", "SETGID", "KILL"],
        security_opt=["no-new-privileges", f"seccomp={json.dumps(seccomp.docker_profile())}"],
        pids_limit=PIDS,
        mem_limit=memory_bytes(),
        memswap_limit=memory_bytes(),
        cpu_period=CPU_PERIOD_US,
        cpu_quota=CPUS * CPU_PERIOD_US,
        ulimits=[
            Ulimit(name="stack", soft=_THREAD_STACK_BYTES, hard=-1),
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="nofile", soft=1024, hard=1024),
        ],
        log_config=LogConfig(type=LogConfig.types.JSON, config={"max-size": "64k"}),
    )


def _remove(container: Container) -> None:
    """The agent ends when its worker hangs up, and its container goes with it; make sure."""
    if container.client:
        container.client.api.timeout = REMOVE_LIMIT_S
    try:
        container.remove(force=True)
    except Timeout:
        return  # the daemon hangs; the container goes when it does not
    except (DockerException, OSError):
        pass
    # Where the daemon was at it already that was refused, and it is not done yet.
    with contextlib.suppress(DockerException, OSError):
        container.wait(condition="removed", timeout=REMOVE_LIMIT_S)
