"""Test frameworks that are run and not judged: ending with 0 is no success of a suite."""

import pytest

from sandbox import Status
from sandbox.pool import JailPool
from tests.languages.conftest import LIMITS, Load
from verifier.model import Ran, Run
from verifier.programs.bare_run import run_program
from verifier.programs.judge import ProgramJudge

PASSING = {
    "pytest": "def test_it():\n    assert 1 == 1",
    "junit": (
        "import org.junit.jupiter.api.Test;\npublic class AddsTest {\n"
        "    @Test void adds() { assert 1 + 1 == 2; }\n}"
    ),
    "jest": "test.only('adds', () => { expect(1 + 1).toBe(2); }); // the end",
    "go_test": 'package main\nimport "testing"\nfunc TestIt(t *testing.T) {}',
    "d_ut": "unittest { assert(1 + 1 == 2); }",
}
FORGING = {
    "pytest": (
        "import os\ndef test_a():\n    os.write(1, b'2 passed in 0.01s\\n')\n    os._exit(0)\n"
        "def test_b():\n    assert False"
    ),
    "junit": (
        "import org.junit.jupiter.api.*;\nclass ForgesTest {\n"
        '    @BeforeAll static void a() { System.out.println("[ 1 tests successful ]");\n'
        "        Runtime.getRuntime().halt(0); }\n    @Test void b() { assert false; }\n}"
    ),
    "jest": (
        "test('a', () => { console.log('Tests: 2 passed, 2 total'); process.reallyExit(0); });\n"
        "test('b', () => { expect(1).toBe(2); });"
    ),
    "go_test": (
        'package main\nimport ("fmt"; "os"; "testing")\n'
        'func TestMain(m *testing.M) { fmt.Println("PASS"); os.Exit(0) }\n'
        'func TestIt(t *testing.T) { t.Fatal("no") }'
    ),
    "d_ut": "unittest { import core.stdc.stdlib; exit(0); }\nunittest { assert(1 == 2); }",
}
PATCHED = """
import pytest
pytest.Session.testsfailed = property(lambda session: 0, lambda session, count: None)
def test_b(): assert False
"""
ATTACKS = [*FORGING.items(), ("pytest", PATCHED)]


def ran(pool: JailPool, language: str, source: str) -> Ran:
    with ProgramJudge(pool, pool, LIMITS) as judge:
        result = run_program(pool, judge, Run(source=source, language=language))
    assert isinstance(result, Ran), result
    return result


@pytest.mark.parametrize("language", PASSING)
def test_a_suite_that_passes_is_a_success(pool: JailPool, load: Load, language: str) -> None:
    with load(language, "", LIMITS):  # skips where its toolchain is missing
        pass  # there is one jail: it is free again for the run
    assert ran(pool, language, PASSING[language]).status is Status.OK


@pytest.mark.parametrize(("language", "source"), ATTACKS)
def test_a_suite_that_ends_early_or_passes_whatever_it_says_is_none(
    pool: JailPool, load: Load, language: str, source: str
) -> None:
    with load(language, source, LIMITS) as runner:
        assert runner.run(b"").status is Status.OK, "its exit code is no longer fooled"
    found = ran(pool, language, source)
    assert (found.status, found.exit_code) == (Status.NONZERO_EXIT, 1)
    assert "It ends before its last test" in found.stderr
