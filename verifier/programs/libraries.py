"""Finds the variant of a jail that has the libraries which a ground truth asks for.

It asks by what its set-up code, prompt and suite import, and by its row's own list. What a
candidate alone imports gets it no more than the larger variant, where that is here: what is missing
there is its own fault, or it could choose not to be judged.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from sandbox import PYTHON, JailUnavailable, Limits, Program, Status
from sandbox.libraries import ORDINARY, SCIENCE, variant_for
from sandbox.pool import JailPool
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth, CallTruth
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.plain_lines import without_plain_lines
from verifier.programs.assertions.source import parse_python

_IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w[\w., \t]*)", re.MULTILINE)
_NAME = re.compile(r"\w+")
_DATA_OF_NLTK = re.compile(
    r"\bnltk\.(?:corpus|data|download|sentiment)\b|"
    r"\b(?:nltk\.|from nltk\b[^\n]*\bimport\b[^\n]*)(?:word_tokenize|sent_tokenize|pos_tag)\b"
)
"""What of nltk works with data only that it would fetch."""
_ALWAYS_THERE = frozenset(sys.stdlib_module_names) | set(ORDINARY.values()) | {"pytest", "mock"}
"""What is in every variant; for these two the referee has a stand-in."""


class Libraries:
    """What jails of `pool` have, as far as it was asked for."""

    def __init__(self, pool: JailPool, limits: Limits) -> None:
        """`limits` are those of a look into a jail."""
        self._pool = pool
        self._limits = limits
        self._found: dict[tuple[str, str], bool] = {}
        """Whether a variant has a module."""
        self._here: dict[str, bool] = {}
        """Whether this machine has a variant, as far as a program asked for it."""
        self._latest: tuple[object, tuple[str, ...]] = (None, ())

    def variant(self, truth: CallTruth | AssertTruth) -> str:
        """The variant of a jail for Python that `truth` needs.

        Raises GroundTruthError where it asks for what none has, and JailUnavailable where it is for
        what one could have here and has not."""
        if self._latest[0] is not truth:
            modules = tuple(_asked_for(truth))
            if "nltk" in modules and any(map(_DATA_OF_NLTK.search, _texts(truth))):
                raise GroundTruthError(
                    "The ground truth cannot be used: it asks for data of `nltk`, which no sandbox "
                    "here has."
                )
            self._latest = (truth, modules)
        _, modules = self._latest
        variant = variant_for(modules)
        for module in modules:
            if self._has(variant, module):
                continue
            if module in SCIENCE.values():
                raise JailUnavailable(
                    f"the ground truth asks for `{module}`, which this machine's jail has not; "
                    "install it beside the service, or judge in Docker, whose image `science` has "
                    "it"
                )
            raise GroundTruthError(
                f"The ground truth cannot be used: it asks for `{module[:60]}`, which no sandbox "
                "here has."
            )
        return variant

    def variant_of(self, truth: CallTruth | AssertTruth, source: str) -> str:
        """The same for a candidate's program, which may import what a larger variant has.

        Raises what `variant` does."""
        variant = self.variant(truth)
        if variant == PYTHON and (larger := variant_of(source)) != PYTHON:
            return larger if self._is_here(larger) else variant
        return variant

    def _is_here(self, variant: str) -> bool:
        if variant not in self._here:
            try:
                with self._pool.jail(variant=variant):
                    self._here[variant] = True
            except JailUnavailable:
                self._here[variant] = False
        return self._here[variant]

    def _has(self, variant: str, module: str) -> bool:
        """Whether programs can import it there, which no candidate has a say in."""
        look = f"from importlib.util import find_spec\nassert find_spec({module!r})"
        if (variant, module) not in self._found:
            try:
                with (
                    self._pool.jail(variant=variant) as jail,
                    jail.load(Program(look), self._limits) as script,
                ):
                    result = script.run(b"")
            except JailUnavailable as reason:
                raise JailUnavailable(f"the ground truth asks for `{module}`: {reason}") from reason
            self._found[variant, module] = result.status is Status.OK
        return self._found[variant, module]


def variant_of(source: str) -> str:
    """The variant of a jail that has what a program imports, as far as one has it."""
    return variant_for(_others_in(source))


def _texts(truth: CallTruth | AssertTruth) -> list[str]:
    """What it is that may import something."""
    tests = [without_plain_lines(truth.test)] if isinstance(truth, AssertTruth) else []
    return [truth.setup, *tests]


def _asked_for(truth: CallTruth | AssertTruth) -> Iterator[str]:
    """The modules beside those that are always there, each once."""
    listed = set(truth.libraries) if isinstance(truth, AssertTruth) else set[str]()
    for text in _texts(truth):
        if names := _others_in(text):
            listed |= _imported(text) & names
    yield from sorted(listed - _ALWAYS_THERE)


def _others_in(text: str) -> set[str]:
    """What may be modules that are not always there: nearly no text imports any, and to parse it
    takes much longer than this look."""
    names = {name for found in _IMPORTED.findall(text) for name in _NAME.findall(found)}
    return names - _ALWAYS_THERE - {"import", "as"}


def _imported(text: str) -> set[str]:
    """The top-level modules that Python text imports, but for those it can do without."""
    try:
        tree = parse_python(text, "its text")
    except (GroundTruthError, Unsupported):
        return set()
    modules: set[str] = set()
    waiting: list[ast.AST] = [tree]
    for node in waiting:  # which grows
        if isinstance(node, ast.Import):
            modules.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.partition(".")[0])
        elif not isinstance(node, ast.Try):
            waiting += [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.stmt)]
    return modules
