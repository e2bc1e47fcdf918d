"""What comes of programs in every language, and that no run meets what another one did."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import LANGUAGES, JailUnavailable, Language, Limits, Program, Status
from sandbox.model import MIB
from sandbox.pool import OPENERS, JailPool
from sandbox.runs.native import MAX_EXCERPT_CHARACTERS
from sandbox.runs.warm_jail import WarmJail
from tests.examples import Example
from tests.languages.conftest import EXAMPLES, LIMITS, SHORT, Load

OTHERS = sorted(LANGUAGES.keys() - {"python"})
FRAMEWORKS = {"go_test", "jest", "junit", "pytest"}
NEEDED = {"sum", "does_not_compile", "fails", "endless_loop", "memory_bomb", "tampers"}


@pytest.fixture
def next_run_is_unaffected(pool: JailPool) -> Iterator[None]:
    """After the test: the jail works and no file of the test is in it."""
    yield
    probe = "import os; print(input(), os.listdir('/tmp'), os.listdir('/dev/shm'))"
    with pool.jail("c") as jail, jail.load(Program(probe), LIMITS) as script:
        assert script.run(b"still here").stdout == b"still here [] []\n"


@pytest.mark.usefixtures("next_run_is_unaffected")
@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.language}-{example.name}"
)
def test_program_ends_as_its_header_says(load: Load, example: Example) -> None:
    limits = SHORT if Status.TIME_LIMIT in example.statuses else LIMITS
    with load(example.language, example.source, limits) as runner:
        results = [runner.run(example.stdin) for _ in range(example.runs)]
    for result in results:
        assert result.status in example.statuses, result
        assert example.message in result.message
        assert len(result.message) <= MAX_EXCERPT_CHARACTERS
        if example.stdout is not None:
            assert result.stdout == example.stdout


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_programs_that_show_it_works(language: str) -> None:
    needed = {"passes", "fails"} if language in FRAMEWORKS else NEEDED
    names = {example.name for example in EXAMPLES if example.language == language}
    assert names >= needed


def test_every_language_has_its_row_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "languages.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in row.split("|")]
        for row in re.findall(r"^\| `.+", page, re.MULTILINE)
    ]
    shown = {row[1]: set(re.findall(r"`([^`]+)`", row[2])) for row in rows if len(row) > 6}
    assert shown == {f"`{name}`": set(language.tags) for name, language in LANGUAGES.items()}


@pytest.mark.usefixtures("c_compiler")
def test_program_is_compiled_once_however_often_it_runs(pool: JailPool) -> None:
    with pool.jail("c") as jail:
        with jail.load(Program(LANGUAGES["c"].hello, "c"), LIMITS) as runner:
            runner.run(b"")
        before = jail.runs
        with jail.load(Program(LANGUAGES["c"].hello, "c"), LIMITS) as runner:
            outputs = [runner.run(b"").stdout for _ in range(5)]
    assert outputs == [b"hello\n"] * 5
    assert jail.runs - before == 1 + 5


@pytest.mark.usefixtures("c_compiler")
def test_program_that_does_not_compile_is_compiled_once_too(pool: JailPool) -> None:
    with pool.jail("c") as jail, jail.load(Program("nonsense", "c"), LIMITS) as runner:
        first = runner.run(b"")
        before = jail.runs
        assert runner.run(b"") == first
        assert jail.runs == before
    assert first.status is Status.COMPILE_ERROR


@pytest.mark.usefixtures("c_compiler")
def test_a_compiler_has_the_time_that_its_program_is_given(pool: JailPool) -> None:
    endless = (  # reads itself twice at every level, which takes time and no memory
        "#if __INCLUDE_LEVEL__ < 100\n#include __FILE__\n#include __FILE__\n#endif\n"
        "#if __INCLUDE_LEVEL__ == 0\nint main() {}\n#endif\n"
    )
    with (
        pool.jail("c") as jail,
        jail.load(Program(endless, "c", compile_s=0.3), LIMITS) as runner,
    ):
        result = runner.run(b"")
    assert result.status is Status.COMPILE_TIME_LIMIT
    assert result.exit_code is None


def test_a_jail_without_the_toolchain_says_how_to_get_it(kind: str, pool: JailPool) -> None:
    jail = OPENERS[kind]()
    try:
        with (
            pytest.raises(
                JailUnavailable, match=r"toolchain for rust .*`verifier sandbox build --variant "
            ),
            jail.load(Program(LANGUAGES["rust"].hello, "rust"), LIMITS),
        ):
            pass
        with jail.load(Program("print('hello')"), LIMITS) as script:
            assert script.run(b"").stdout == b"hello\n"
    finally:
        jail.close()


def test_the_jail_with_the_toolchains_starts_when_a_program_needs_it(
    kind: str, pool: JailPool
) -> None:
    started = []

    def opener(variant: str = "python") -> WarmJail:
        started.append(variant)
        return OPENERS[kind](variant)

    with JailPool(opener, 1) as lazy:
        with lazy.jail():
            assert started == ["python"]
        with lazy.jail("c") as jail, lazy.jail("python"):
            assert started == ["python", "languages"]
        with lazy.jail("go") as same:
            assert same is jail
    assert not jail.reusable


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("public class Main { }", "Main"),
        ("class Node { }\npublic class Solve {\n  static void main(String[] a) {} }", "Solve"),
        ("class A {\n  static void main(String[] a) {}\n}\nclass B { void main() {} }", "A"),
        ("final class A { }\nenum E { }\nrecord R(int x) { static void main(String[] a) {} }", "R"),
        ("  class Indented { void main() {} }", "Main"),
        ("", "Main"),
    ],
)  # fmt: skip
def test_java_program_is_named_for_the_class_that_has_main(source: str, name: str) -> None:
    assert LANGUAGES["java"].name_of(source) == name


def test_factors_scale_what_a_runtime_needs_and_nothing_else() -> None:
    limits = Limits(2.0, 3.0, 100 * MIB, MIB, total_cpu_s=20.0, total_wall_s=30.0)
    language = Language("x", frozenset({"x"}), cpu_factor=1.5, memory_factor=2.0)
    assert language.scaled(limits) == Limits(3.0, 3.0, 200 * MIB, MIB, 30.0, 30.0)
    assert LANGUAGES["python"].scaled(limits) == limits


def test_no_tag_stands_for_two_languages() -> None:
    tags = [tag for language in LANGUAGES.values() for tag in language.tags]
    assert len(tags) == len(set(tags))
    assert all(tag == tag.lower() for tag in tags)
