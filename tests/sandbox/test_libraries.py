"""The larger variant of a jail has what it promises, and is as empty as the others."""

import json
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program
from sandbox.languages import PYTHON, SCIENCE, TOOLCHAINS
from sandbox.libraries import ORDINARY, PRELOADED, variant_for
from sandbox.libraries import SCIENCE as LIBRARIES
from sandbox.pool import OPENERS
from sandbox.runs.warm_jail import WarmJail

LOOK = f"""
import json, os, sys
from importlib.util import find_spec
missing = [name for name in {[*LIBRARIES.values()]!r} if not find_spec(name)]
loaded = [name for name in {PRELOADED[SCIENCE]!r} if name in sys.modules]
print(json.dumps([missing, loaded, os.listdir("/tmp"), "PRELOADED_MODULES" in os.environ]))
"""
PLOT = """
import pandas as pd, matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot(pd.Series([1, 2]))
figure.savefig("/tmp/plot.png")
print(open("/tmp/plot.png", "rb").read(4)[1:].decode())
"""
USES = {
    "docker": (PLOT, b"PNG\n"),
    "local": ("import sympy\nprint(sympy.nextprime(10))", b"11\n"),
}


@pytest.fixture(scope="module", params=sorted(OPENERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def jail(kind: str, not_here: Callable[[str], NoReturn]) -> Iterator[WarmJail]:
    try:
        jail = OPENERS[kind](SCIENCE)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    yield jail
    jail.close()


def test_what_is_listed_is_there_and_what_most_need_is_loaded(jail: WarmJail, kind: str) -> None:
    """A local jail has what is installed beside the service."""
    with jail.load(Program(LOOK), Limits()) as script:
        missing, loaded, files, told = json.loads(script.run(b"").stdout)
    assert (files, told) == ([], False)
    if kind == "docker":
        assert (missing, loaded) == ([], [*PRELOADED[SCIENCE]])
    assert not set(missing) & {*ORDINARY.values(), "sympy"}
    assert jail.reusable


def test_a_program_uses_them_and_leaves_nothing(jail: WarmJail, kind: str) -> None:
    source, printed = USES[kind]
    for _ in range(2):
        with jail.load(Program(source), Limits()) as script:
            assert script.run(b"").stdout == printed
    assert jail.reusable


def test_the_smallest_variant_that_will_do_is_taken() -> None:
    assert variant_for(["numpy", "json"]) == PYTHON
    assert variant_for(["numpy", "pandas"]) == SCIENCE
    assert variant_for(["no_such_library"]) == PYTHON
    assert variant_for([]) == PYTHON != TOOLCHAINS
