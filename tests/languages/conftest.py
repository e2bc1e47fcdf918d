"""One jail with toolchains of each kind, kept for the session: what one run leaves, others meet."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program
from sandbox.jail import Runner
from sandbox.model import MIB
from sandbox.pool import OPENERS, JailPool
from tests.examples import Example, read_examples

EXAMPLES = read_examples(Path(__file__).parent.glob("[a-z]*/*.*"))
"""Every program here, `<language>/<name>.<extension>`."""

LIMITS = Limits(cpu_s=20.0, wall_s=20.0, memory_bytes=256 * MIB, output_bytes=MIB)
"""More time than anything here needs on a slow machine."""
SHORT = replace(LIMITS, cpu_s=1.0, wall_s=1.0)
"""For what is to use it up."""

Load = Callable[[str, str, Limits], AbstractContextManager[Runner]]


def pytest_itemcollected(item: pytest.Item) -> None:
    """One process has all tests of a language: a jail that meets a language for the first time
    compiles a known program, and compilers take longer than all else here."""
    parameters = getattr(item, "callspec", None)
    if parameters is None or "kind" not in parameters.params:
        return
    if named := parameters.params.get("example", parameters.params.get("language")):
        language = named.language if isinstance(named, Example) else named
        item.add_marker(pytest.mark.xdist_group(f"{language} {parameters.params['kind']}"))


@pytest.fixture(scope="session", params=sorted(OPENERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def pool(kind: str, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    """A pool that can start jails with toolchains; skipped where this machine has none."""
    with JailPool(OPENERS[kind], 1) as pool:
        try:
            with pool.jail("c"):
                pass
        except JailUnavailable as refusal:
            not_here(str(refusal))
        yield pool


@pytest.fixture
def c_compiler(kind: str) -> None:
    """The local jail has the machine's own, which may be none."""
    if kind == "local" and shutil.which("gcc", path="/usr/bin:/bin") is None:
        pytest.skip("no C compiler in /usr (Debian: apt-get install gcc libc6-dev)")


@pytest.fixture
def load(kind: str, pool: JailPool, not_here: Callable[[str], NoReturn]) -> Load:
    """Loads a program in a language. The image that CI builds carries them all, the machine itself
    may not."""

    @contextmanager
    def load(language: str, source: str, limits: Limits) -> Iterator[Runner]:
        with pool.jail(language) as jail:
            try:
                loading = jail.load(Program(source, language), limits)
                runner = loading.__enter__()
            except JailUnavailable as refusal:
                if kind == "docker":
                    not_here(str(refusal))
                pytest.skip(str(refusal))
            try:
                yield runner
            finally:
                loading.__exit__(None, None, None)

    return load
