"""What tests need beyond this repository, and what happens where it is missing.

A missing service skips its tests on a person's machine, with the reason, and fails them where CI is
set: nothing may go untested there unnoticed.
"""

import contextlib
import functools
import gc
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import NoReturn

import httpx2
import pytest
from docker.errors import DockerException
from hypothesis import HealthCheck, settings

from sandbox import JailUnavailable
from sandbox.jails.docker_daemon import connect
from sandbox.selfcheck import DOES_NOT_ISOLATE
from tests.environments import Lacking
from tests.trainers.environment import TRAINERS

# How long an example takes is the machine's affair: a busy one must not fail a test.
settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anywhere")

HERE = Path(__file__).parent
SHARED_DATA = HERE.parents[1] / "shared" / "data"
"""Real rollouts and problems, kept beside the checkout and never copied into it."""
SANDBOX_IMAGE = "verifier-sandbox:python"


def unavailable(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI, and anywhere if it is a jail that starts and lets something
    through: that is hardly the machine."""
    if DOES_NOT_ISOLATE in reason:
        pytest.fail(reason, pytrace=False)
    if os.environ.get("CI"):
        pytest.fail(f"CI must have this: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def not_here() -> Callable[[str], NoReturn]:
    """Call it with the reason why this machine cannot run a test: skips it, or fails it in CI."""
    return unavailable


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """The path of a file under ../shared/data, given relative to it.

    Skips where that folder is absent, as in everyone else's clone; a file missing from it fails.
    """

    def find(relative: str) -> Path:
        if not SHARED_DATA.is_dir():
            pytest.skip(f"needs {relative} of ../shared/data, which is not beside this checkout")
        path = SHARED_DATA / relative
        assert path.exists(), f"../shared/data has no {relative}"
        return path

    return find


@pytest.fixture(scope="session")
def trainers_python(not_here: Callable[[str], NoReturn]) -> Path:
    """The interpreter of the environment that has the trainers. CI must have it; elsewhere nobody
    downloads 3 GB without having asked for them."""
    try:
        found = TRAINERS.make() if os.environ.get("CI") else TRAINERS.python()
    except Lacking as reason:
        not_here(f"the trainers cannot be installed: {reason}")
    return found or not_here("the trainers are not installed: run `make trainers` (3 GB)")


@functools.cache
def _docker_lacks() -> str | None:
    try:
        daemon = connect()
    except JailUnavailable as refusal:
        return str(refusal)
    with contextlib.closing(daemon):
        try:
            daemon.images.get(SANDBOX_IMAGE)
        except DockerException:
            return f"no image {SANDBOX_IMAGE}: run `make image`"
    return None


@pytest.fixture(scope="session")
def docker_available() -> None:
    """Ask for it in fixtures that use Docker; tests say `@pytest.mark.docker`."""
    if reason := _docker_lacks():
        unavailable(reason)


def _redis_lacks() -> str | None:
    """Tests start Redis servers of their own: to stop, to kill, and to flush them."""
    return None if shutil.which("redis-server") else "no redis-server: apt install redis-server"


@contextlib.contextmanager
def running_service(
    log_file: Path, **settings: str
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """`verifier serve` with one worker and these settings, ready to judge: its address, and its
    process."""
    verifier = str(Path(sys.executable).with_name("verifier"))
    command = [verifier, "serve", "--workers", "1", "--port", "0"]
    with (
        log_file.open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | settings) as process,
    ):
        try:
            url = address_of(process, log_file)
            reason = _not_ready(url, process) if url else "It has ended."
            if reason or not url:
                log_text = log_file.read_text()
                unavailable(f"the service cannot judge here: {reason} Its log: {log_text}")
            yield url, process
        finally:
            process.terminate()


def address_of(process: "subprocess.Popen[bytes]", log_file: Path) -> str | None:
    """Where a service listens that was told to take any port and writes this log; None where it
    ends before it listens."""
    while process.poll() is None:
        if found := re.search(r"serving on (http://\S+)", log_file.read_text()):
            return found[1]
        time.sleep(0.05)
    return None


@pytest.fixture(scope="session")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with one worker, ready to judge; for tests that only ask."""
    with running_service(tmp_path_factory.mktemp("service") / "log") as (url, _):
        yield url


def _not_ready(url: str, process: subprocess.Popen[bytes]) -> str | None:
    """None once the service can judge; why it cannot, if it cannot within ten minutes."""
    reason = "It does not answer."
    give_up_at = time.monotonic() + 600
    with httpx2.Client(trust_env=False) as client:  # one: each reads all certificates
        while process.poll() is None and time.monotonic() < give_up_at:
            with contextlib.suppress(httpx2.TransportError):
                answer = client.get(f"{url}/readyz")
                if answer.is_success:
                    return None
                reason = answer.json()["detail"]
            time.sleep(0.1)
    return reason


ID_CHARACTERS = 200
TESTS_PER_CPU = 3
"""At a time: they wait for what they started more than they compute."""
TAKES_LONGER = ("docker", "redis", "slow")
STARTS_PROGRAMS = {"start", "run", "browser", "service_url"}
"""Fixtures: a service or a command imports everything anew."""
LONG_FOLDERS = ("attacks", "languages", "fuzz")
MADE_BY = {"browser": 1, "service_url": 1, "science": 1, "previous": 1, "bench": 2, "pool": 2}
"""Fixtures that take seconds to make, and in how many processes those of a folder and a jail are
made: the tests that use them are shared out among these. The first that a test has counts."""
_turns: defaultdict[str, "count[int]"] = defaultdict(count)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--quick` is what `make check` runs, `--rest` what remains for `make test` where the quick
    ones have run under coverage, `--alone` what `make alerts` runs."""
    parser.addoption("--quick", action="store_true", help="only what needs neither Docker nor time")
    parser.addoption("--rest", action="store_true", help="only what --quick leaves out")
    parser.addoption("--alone", action="store_true", help="only what wants a machine for itself")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """What `-n auto` comes to. The quick tests wait for a quarter of their time, and every process
    has to read them all."""
    cpus = len(os.sched_getaffinity(0))
    return (3 * cpus + 1) // 2 if config.option.quick else TESTS_PER_CPU * cpus


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Reading tests takes time too: not those that are not run."""
    return True if config.option.quick and collection_path.name in LONG_FOLDERS else None


def pytest_make_parametrize_id(val: object) -> str | None:
    """What a test is called goes to the terminal and between processes: of texts that are long, up
    to megabytes, the beginning."""
    if isinstance(val, str | bytes) and len(val) > ID_CHARACTERS:
        return ascii(val[:ID_CHARACTERS])
    return None


def pytest_itemcollected(item: pytest.Item) -> None:
    """What shares a fixture that is costly goes to the same processes."""
    folder = item.path.relative_to(HERE).parts[0]
    names = getattr(item, "fixturenames", ())
    if folder == "languages" or not (shared := [name for name in MADE_BY if name in names]):
        return
    parameters = getattr(item, "callspec", None)
    of_test = {} if parameters is None else parameters.params
    jail = of_test.get("bench", of_test.get("pool", ""))
    made = f"{shared[0]} of {folder} {jail}"
    # Tests that are together for another reason stay so.
    turn = 0 if item.get_closest_marker("xdist_group") else next(_turns[made])
    item.add_marker(pytest.mark.xdist_group(f"{made} {turn % MADE_BY[shared[0]]}"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests that are read are no garbage: looking for some among them takes as long as
    reading them, and again while they run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)  # after pytest has put those together that share a fixture
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first: begun at the end it would be waited for alone."""
    alone, quick, rest = config.option.alone, config.option.quick, config.option.rest
    wanted = [
        item
        for item in items
        if (item.get_closest_marker("alone") is not None) is alone
        and (_is_quick(item) is quick or not (quick or rest))
    ]
    kept = set(wanted)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = wanted
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _is_quick(item: pytest.Item) -> bool:
    """Of several jails the local one; neither what is let loose on whole judges nor compilers."""
    if item.path.relative_to(HERE).parts[0] in LONG_FOLDERS:
        return False
    if any(map(item.get_closest_marker, TAKES_LONGER)):
        return False
    if not STARTS_PROGRAMS.isdisjoint(getattr(item, "fixturenames", ())):
        return False
    parameters = getattr(item, "callspec", None)
    return parameters is None or "docker" not in parameters.params.values()


@pytest.fixture(autouse=True)
def _marked_services(request: pytest.FixtureRequest) -> None:
    for service, lacks in (("docker", _docker_lacks), ("redis", _redis_lacks)):
        if request.node.get_closest_marker(service) and (reason := lacks()):
            unavailable(reason)
