"""The warm pool: jails started once, handed out one at a time, replaced when they look odd."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from sandbox.counting import count
from sandbox.errors import JailUnavailable
from sandbox.languages import LANGUAGES, PYTHON, SCIENCE, TOOLCHAINS
from sandbox.libraries import SCIENCE as SCIENCE_LIBRARIES
from sandbox.model import Limits, Program
from sandbox.runs.products import Products, shared_folder
from sandbox.runs.warm_jail import WarmJail
from sandbox.selfcheck import broken_promises, require_promises

RUNS_PER_JAIL = 5000
"""A jail is replaced after this many runs, whatever they did."""


class Opener(Protocol):
    """Starts a jail of one kind."""

    def __call__(self, variant: str = PYTHON) -> WarmJail:
        """`variant` is one of those in `sandbox.languages`. Raises JailUnavailable."""


class JailPool:
    """At most `size` jails of one kind and variant, and as many of each other variant that is asked
    for. Thread-safe."""

    def __init__(self, open_jail: Opener, size: int, variant: str = PYTHON) -> None:
        self._open_jail = open_jail
        self._size = size
        self._variant = variant
        self._others: dict[str, JailPool] = {}
        """By their variant. Only programs of other languages need them, so most workers do not."""
        self._places: queue.SimpleQueue[WarmJail | None] = queue.SimpleQueue()
        """One entry for each jail that may be taken; None stands for one still to be started."""
        self._all: set[WarmJail] = set()
        self._products = Products(shared_folder())
        self._lock = threading.Lock()
        self._closed = False
        self._proven = False
        """Whether jails of this kind have shown that they keep their promises here."""
        for _ in range(size):
            self._places.put(None)

    def warm(self) -> None:
        """Start the first jail now. Raises JailUnavailable."""
        with self._jail():
            pass

    def jail(
        self, language: str = PYTHON, variant: str | None = None
    ) -> AbstractContextManager[WarmJail]:
        """A jail of one's own for a while, of this variant, or of the one that carries `language`;
        waits until one is free. Raises JailUnavailable."""
        variant = variant or LANGUAGES[language].variant
        return self._jail() if variant == self._variant else self._other(variant)._jail()

    @contextmanager
    def _jail(self) -> Iterator[WarmJail]:
        place = self._places.get()
        try:
            if place is not None and not place.healthy:
                self._end(place, "lost")
                place = None
            if place is None:
                place = self._start()
            yield place
        finally:
            if place is not None and (not place.reusable or place.runs >= RUNS_PER_JAIL):
                self._end(place, "odd" if not place.reusable else "worn")
                place = None
            self._places.put(place)

    def another(self, size: int) -> JailPool:
        """A second pool of the same kind of jail, whose jails start when they are first needed."""
        return JailPool(self._open_jail, size)

    def images(self) -> Mapping[str, str]:
        """The id of the image that each variant is started from, as far as it is here; nothing
        where jails have no image, but this machine's own Python. Raises JailUnavailable."""
        with self._jail() as jail:
            if jail.image is None:
                return {}
        from sandbox.jails.docker_daemon import images_here  # noqa: PLC0415 - needs Docker's client

        return images_here()

    def close(self) -> None:
        """End every jail, also those in use."""
        with self._lock:
            self._closed = True
            jails, self._all = self._all, set()
        for other in self._others.values():
            other.close()
        for jail in jails:
            count("jail_ends", self._variant, "closed")
            jail.close()

    def __enter__(self) -> JailPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _other(self, variant: str) -> JailPool:
        with self._lock:
            if self._closed:
                raise JailUnavailable("the pool of jails is closed")
            if variant not in self._others:
                self._others[variant] = JailPool(self._open_jail, self._size, variant)
            return self._others[variant]

    def _start(self) -> WarmJail:
        try:
            jail = self._open_jail(self._variant)
        except JailUnavailable:
            count("jail_failures", self._variant)
            raise
        count("jail_starts", self._variant)
        jail.products = self._products
        with self._lock:
            closed = self._closed
            if not closed:
                self._all.add(jail)
        if closed:
            self._end(jail, "closed")
            raise JailUnavailable("the pool of jails is closed")
        if not self._proven:
            try:
                require_promises(jail)
            except BaseException:
                self._end(jail, "unfit")
                raise
            self._proven = True
        return jail

    def _end(self, jail: WarmJail, reason: str) -> None:
        count("jail_ends", self._variant, reason)
        with self._lock:
            self._all.discard(jail)
        with contextlib.suppress(OSError):
            jail.close()


def open_pool(kind: str, size: int) -> JailPool:
    """A pool of `kind` jails: "docker", "local", or "auto" for the first of them that works here.

    Starts one jail, so that an unusable kind is known now. Raises JailUnavailable."""
    if kind == "auto":
        reasons = []
        for candidate in OPENERS:
            try:
                return open_pool(candidate, size)
            except JailUnavailable as refusal:
                reasons.append(f"{candidate}: {refusal}")
        raise JailUnavailable("no jail works on this machine. " + " | ".join(reasons))
    if kind not in OPENERS:
        raise JailUnavailable(f"there is no jail called {kind!r}; choose auto, docker or local")
    pool = JailPool(OPENERS[kind], size)
    pool.warm()
    return pool


def _docker(variant: str = PYTHON) -> WarmJail:
    from sandbox.jails.docker import open_docker_jail  # noqa: PLC0415 - needs Docker's client

    return open_docker_jail(variant)


def _local(variant: str = PYTHON) -> WarmJail:
    from sandbox.jails.local import open_local_jail  # noqa: PLC0415 - needs Linux

    return open_local_jail(variant)


OPENERS: dict[str, Opener] = {"docker": _docker, "local": _local}


@dataclass(frozen=True, slots=True)
class Examination:
    """How a kind of jail does on this machine."""

    broken: list[str]
    """The promises that it does not keep; it must not be used with one."""
    lacking: list[str]
    """What it cannot add to them here, and another jail could."""
    cgroup: Mapping[str, int | None]
    """The limits around the whole jail; None: not to be seen."""
    image: str | None
    """What it was started from, name and id; None where that is this machine itself."""
    languages: list[str]
    """Whose programs it can run."""
    libraries: list[str]
    """What those in Python may import beside the standard library."""


def examine(kind: str) -> Examination:
    """Hold a `kind` jail to its promises. Raises JailUnavailable."""
    jail = OPENERS[kind]()
    try:
        broken, lacking = broken_promises(jail), jail.lacking()
        found = _languages(kind), _libraries(kind)
        return Examination(broken, lacking, jail.cgroup, jail.image, *found)
    finally:
        jail.close()


def _languages(kind: str) -> list[str]:
    """Those whose toolchains a jail finds, by a look at their files."""
    marks = {name: language.mark for name, language in LANGUAGES.items()}
    look = (
        "import json, shutil, os\n"
        "is_there = lambda mark: not mark or os.path.exists(mark) or bool(shutil.which(mark))\n"
        f"print(json.dumps([name for name, mark in {marks!r}.items() if is_there(mark)]))"
    )
    try:
        return _listed_in(kind, TOOLCHAINS, look)
    except JailUnavailable:
        return [name for name, mark in marks.items() if not mark]


def _libraries(kind: str) -> list[str]:
    """Those that the larger variant of a jail finds, or the smaller where there is no other."""
    modules = [*SCIENCE_LIBRARIES.values()]
    look = (
        "import json\nfrom importlib.util import find_spec\n"
        f"print(json.dumps([name for name in {modules!r} if find_spec(name)]))"
    )
    try:
        return _listed_in(kind, SCIENCE, look)
    except JailUnavailable:
        return _listed_in(kind, PYTHON, look)


def _listed_in(kind: str, variant: str, look: str) -> list[str]:
    """What a program of ours prints as JSON in a jail. Raises JailUnavailable."""
    with (
        contextlib.closing(OPENERS[kind](variant)) as jail,
        jail.load(Program(look), Limits()) as run,
    ):
        return [str(name) for name in json.loads(run.run(b"").stdout)]


def build_image(
    base: str | None = None,
    network: str | None = None,
    variant: str = PYTHON,
    languages: Collection[str] = (),
) -> str:
    """Build the image of a variant of the Docker jail, with these languages' toolchains where not
    all are wanted; returns its tag. Raises JailUnavailable."""
    from sandbox.jails.docker import build_image as build  # noqa: PLC0415 - needs Docker's client

    return build(base, network, variant, languages)
