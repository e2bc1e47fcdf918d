"""A daemon that cannot hold a program is refused, with the reason, before it is given one."""

import contextlib
import json
import secrets
import select
import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import docker
import pytest
from docker.errors import ImageNotFound
from docker.models import containers, images

from sandbox import JailUnavailable
from sandbox.jails import owner
from sandbox.jails.docker import OWNER_LABEL, open_docker_jail
from sandbox.jails.docker_daemon import IMAGE_VARIABLE, PLAIN_VARIABLE, RUNTIME_VARIABLE, connect

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


class _OldDaemon(BaseHTTPRequestHandler):
    """Says how old it is, and that a client is too new for it."""

    version = "1.30"

    def do_GET(self) -> None:
        about = {"ApiVersion": self.version, "message": f"Maximum supported is {self.version}"}
        body = json.dumps(about).encode()
        self.send_response(200 if self.path == "/version" else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "a unix socket"

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize("version", ["1.20", "1.30", "1.40"])
def test_a_daemon_that_is_too_old_is_told_from_none(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = type("OldDaemon", (_OldDaemon,), {"version": version})
    with (
        tempfile.TemporaryDirectory() as folder,  # with a short name, as sockets need it
        socketserver.UnixStreamServer(f"{folder}/docker.sock", handler) as server,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/docker.sock")
        with pytest.raises(JailUnavailable, match=r"too old.*install Docker 20\.10 or newer"):
            open_docker_jail()
        server.shutdown()


def test_an_image_that_is_not_here_is_not_fetched_from_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pulled: list[object] = []
    monkeypatch.setattr(images.ImageCollection, "pull", lambda self, *asked: pulled.append(asked))
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
    really = containers.ContainerCollection.run

    def without_limit(self: Any, *args: Any, **options: Any) -> Any:
        return really(self, *args, **options | instead)

    monkeypatch.setattr(containers.ContainerCollection, "run", without_limit)
    with pytest.raises(JailUnavailable, match=f"limits are not in force: {limit}"):
        open_docker_jail()


TCP = "tcp://127.0.0.1:1"
FAR = "tcp://192.0.2.1:2375"


@pytest.mark.parametrize(
    ("address", "more"),
    [
        (TCP, {}),
        (FAR, {}),
        ("127.0.0.1:1", {}),
        ("http://127.0.0.1:1", {}),
        (FAR, {PLAIN_VARIABLE: "1"}),
        ("tcp://localhost.example:1", {PLAIN_VARIABLE: "1"}),
        (TCP, {PLAIN_VARIABLE: "0"}),
        (TCP, {"DOCKER_TLS_VERIFY": ""}),
        (TCP, {"DOCKER_CERT_PATH": "/nowhere"}),
        ("https://192.0.2.1:2376", {"DOCKER_CERT_PATH": "/nowhere"}),
    ],
)
def test_a_daemon_that_anyone_between_could_be_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, address: str, more: dict[str, str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(docker, "from_env", lambda: pytest.fail("it was spoken to"))
    with pytest.raises(JailUnavailable, match=f"without TLS.*{PLAIN_VARIABLE}=1"):
        open_docker_jail()


def test_a_daemon_on_this_machine_may_be_spoken_to_without_tls_where_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through a real port in front of the real daemon."""
    with _port_of_the_daemon() as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        with pytest.raises(JailUnavailable, match="without TLS"):
            open_docker_jail()
        monkeypatch.setenv(PLAIN_VARIABLE, "1")
        jail = open_docker_jail()
        assert jail.healthy
        jail.close()


@contextlib.contextmanager
def _port_of_the_daemon() -> Iterator[int]:
    def carry(caller: socket.socket) -> None:
        with caller, socket.socket(socket.AF_UNIX) as daemon:
            daemon.connect("/var/run/docker.sock")
            other = {caller: daemon, daemon: caller}
            while True:
                for end in select.select(list(other), [], [])[0]:
                    if not (data := end.recv(65536)):
                        return
                    other[end].sendall(data)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=carry, args=[listener.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def moving_tag(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """`move(name)`: has the tag that jails are started from name that image; returns its id."""
    tag = f"verifier-sandbox-test:{secrets.token_hex(8)}"
    monkeypatch.setenv(IMAGE_VARIABLE, tag)
    daemon = connect()

    def move(name: str) -> str:
        image = daemon.images.get(name)
        assert image.tag(tag)
        return str(image.id)

    yield move
    with contextlib.suppress(ImageNotFound):
        daemon.images.remove(tag, noprune=True)
    daemon.close()


def test_jails_stay_with_the_image_that_the_first_was_started_from(
    moving_tag: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    daemon = connect()
    first = moving_tag("verifier-sandbox:python")
    # Another image under the same name, as after a build that someone else made.
    other = _made_from(daemon, first)
    try:
        for moved in (False, True):
            if moved:
                assert moving_tag(other) != first
            jail = open_docker_jail()
            assert jail.image
            assert jail.image.endswith(f"({first})")
            jails = daemon.containers.list(filters={"label": f"{OWNER_LABEL}={owner.name()}"})
            assert first in {container.image and container.image.id for container in jails}
            jail.close()
        assert "names another image now" in caplog.text
    finally:
        daemon.images.remove(other, force=True)
        daemon.close()


def _made_from(daemon: docker.DockerClient, image: str) -> str:
    container = daemon.containers.create(image, ["true"])
    try:
        made = container.commit().id
    finally:
        container.remove()
    return str(made)


def test_an_image_may_be_named_by_its_id(
    moving_tag: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = moving_tag("verifier-sandbox:python")
    monkeypatch.setenv(IMAGE_VARIABLE, identity)
    jail = open_docker_jail()
    assert jail.image == f"{identity} ({identity})"
    jail.close()
    monkeypatch.setenv(IMAGE_VARIABLE, "sha256:" + "0" * 64)
    with pytest.raises(JailUnavailable, match="there is no image sha256:000"):
        open_docker_jail()
