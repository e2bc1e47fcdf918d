"""The Docker daemon: which one, over what, and which image it starts jails from."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound, InvalidVersion
from docker.utils import parse_host, version_lt

from sandbox.errors import JailUnavailable
from sandbox.languages import PYTHON, VARIANTS

RUNTIME_VARIABLE = "VERIFIER_OCI_RUNTIME"
"""Names the OCI runtime to use (`runsc` for gVisor, ...) instead of the daemon's own."""
PLAIN_VARIABLE = "VERIFIER_DOCKER_PLAIN_LOOPBACK"
"""Set to 1, it lets a daemon on this machine be spoken to without TLS: then any user and program
here that reaches its port is root."""
IMAGE_VARIABLE = "VERIFIER_SANDBOX_IMAGE"
"""Names the image of the jail for Python, those of other variants with their name behind it
(`VERIFIER_SANDBOX_IMAGE_LANGUAGES`): a tag, `name@sha256:...` or an id."""

OLDEST_API = "1.41"
"""Docker 20.10's, the first that has control groups of version 2."""
PING_LIMIT_S, ANSWER_LIMIT_S = 10, 30
"""A daemon that takes longer to say that it lives, or to do anything else, is taken to be gone."""

logger = logging.getLogger(__name__)

_started_from: dict[tuple[str, str], str] = {}
"""The id of the image, by the daemon's address and the image's name."""


def connect() -> docker.DockerClient:
    """The daemon. Raises JailUnavailable where none answers, or anyone between could answer."""
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    _require_protection(address)
    path = Path(address.removeprefix("unix://"))
    if address.startswith("unix://") and not path.exists():
        # The library would find out too, and leave a socket open behind it.
        raise JailUnavailable(
            f"no Docker daemon answers (there is no {path}); start one, or use --sandbox local"
        )
    if address.startswith("unix://") and not os.access(path, os.R_OK | os.W_OK):
        raise JailUnavailable(
            f"this user may not talk to the Docker daemon ({path}): let it (group docker), start a "
            "rootless one and name it in DOCKER_HOST, or use --sandbox local"
        )
    try:
        daemon = docker.from_env(timeout=PING_LIMIT_S)
        _require_recent(daemon)
        daemon.ping()
        daemon.api.timeout = ANSWER_LIMIT_S
    except InvalidVersion as error:
        raise _too_old(str(error).rstrip(".")) from error
    except (OSError, DockerException) as error:
        raise JailUnavailable(
            f"no Docker daemon answers ({error}); start one, or use --sandbox local"
        ) from error
    return daemon


def _require_recent(daemon: docker.DockerClient) -> None:
    """Raises JailUnavailable."""
    version = str(daemon.api.api_version)
    if version_lt(version, OLDEST_API):
        daemon.close()
        raise _too_old(f"its API is {version}, and {OLDEST_API} the oldest that will do")


def _too_old(why: str) -> JailUnavailable:
    return JailUnavailable(
        f"the Docker daemon is too old ({why}): install Docker 20.10 or newer, or use "
        "--sandbox local"
    )


def _require_protection(address: str) -> None:
    """Whoever can speak to a daemon is root on its machine, and whoever can answer in its place
    chooses what a jail is. Raises JailUnavailable."""
    verified = bool(os.environ.get("DOCKER_TLS_VERIFY"))
    try:
        parsed = urllib.parse.urlsplit(parse_host(address, False, verified))
    except DockerException as error:
        raise JailUnavailable(f"DOCKER_HOST cannot be used: {error}") from error
    if parsed.scheme == "https" and (verified or not os.environ.get("DOCKER_CERT_PATH")):
        return
    if parsed.scheme not in ("http", "https"):
        return  # a socket of this machine, or ssh
    if os.environ.get(PLAIN_VARIABLE) == "1" and _is_loopback(parsed.hostname or ""):
        return
    raise JailUnavailable(
        f"the Docker daemon at {address} would be spoken to without TLS, or without asking whose "
        "certificate it has: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, use its unix socket, "
        f"or, for one on this machine that only you can reach, set {PLAIN_VARIABLE}=1"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shortcomings(daemon: docker.DockerClient) -> list[str]:
    """What the daemon (Docker's, a rootless one, Podman's) says of itself that it cannot do."""
    info: Mapping[str, Any] = daemon.info()
    options = [str(option) for option in info.get("SecurityOptions") or []]
    runtime = os.environ.get(RUNTIME_VARIABLE)
    engines = [part.get("Name") for part in daemon.version().get("Components") or []]
    demands = {
        "it is Podman, whose Docker API takes no seccomp profile by value and no limit on the "
        "files of a tmpfs; use Docker's daemon or --sandbox local": "Podman Engine" not in engines,
        "it runs no Linux containers": info.get("OSType", "linux") == "linux",
        "no memory limit (rootless daemons need cgroup v2 and delegation)": info.get("MemoryLimit"),
        "no limit on processes (likewise)": info.get("PidsLimit", info.get("MemoryLimit")),
        "no limit on CPUs (likewise)": info.get("CpuCfsQuota"),
        "no seccomp": any("seccomp" in option for option in options),
        f"no runtime {runtime!r}, which {RUNTIME_VARIABLE} names": runtime is None
        or runtime in (info.get("Runtimes") or {}),
    }
    return [reason for reason, met in demands.items() if not met]


def image_of(variant: str) -> str:
    """The name of the image that a variant of the jail is started from."""
    setting = IMAGE_VARIABLE if variant == PYTHON else f"{IMAGE_VARIABLE}_{variant.upper()}"
    return os.environ.get(setting) or f"verifier-sandbox:{variant}"


def resolve_image(daemon: docker.DockerClient, variant: str) -> str:
    """The id (`sha256:...`) of the variant's image, which jails are started from and no name is.

    A name can be given to another image at any time. All jails of this process are of the image
    that it stood for when the first was started. Raises JailUnavailable."""
    name = image_of(variant)
    place = daemon.api.base_url, name
    first = _started_from.get(place)
    try:
        # Looked for here, or it would be looked for in a public registry.
        found = str(daemon.images.get(name).id)
    except ImageNotFound as error:
        if first is None:
            raise JailUnavailable(
                f"there is no image {name}; "
                f"build it with `verifier sandbox build --variant {variant}`"
            ) from error
        found = first
    if found != _started_from.setdefault(place, found):
        logger.warning(
            "%s names another image now, %s; jails go on being started from %s until this process "
            "is started again",
            *(name, found, first),
        )
    return _started_from[place]


def images_here() -> dict[str, str]:
    """By variant, the id that `resolve_image` tells and keeps, of those that are here. Raises
    JailUnavailable where no daemon answers."""
    found = {}
    with contextlib.closing(connect()) as daemon:
        for variant in VARIANTS:
            with contextlib.suppress(JailUnavailable):
                found[variant] = resolve_image(daemon, variant)
    return found
