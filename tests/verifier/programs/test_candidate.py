"""A candidate's program is fitted to its set-up code, whatever way a completion writes it."""

import pytest

from verifier.programs.candidate import defines, resolve_entry_point, with_setup

PROMPT = 'from typing import List\n\n\ndef f(x: int) -> List[int]:\n    """Doc."""\n'


def outcome(setup: str, source: str) -> object:
    """What `f(2)` gives in the fitted program."""
    namespace: dict[str, object] = {}
    exec(compile(with_setup(setup, source), "main.py", "exec", dont_inherit=True), namespace)
    function = namespace["f"]
    assert callable(function)
    return function(2)


@pytest.mark.parametrize(
    "source",
    [
        "    return [x]\n",
        "\n\n    y = [x]\n    return y",
        "    # First:\n    return [x]\n",
        "    return [0]\ndef f(x):\n    return [x]\n",
        "    # no body\nf = lambda x: [x]",
        PROMPT + "    return [x]\n",
        "def f(x):\n    return [x]\n",
        "def f(x) -> List[int]:\n    return [x]\n",
        "\ufeffdef f(x):\n    return [x]\n",
        "from __future__ import annotations\n\ndef f(x) -> Unknown:\n    return [x]\n",
        "from __future__ import (\n    annotations,\n)\ndef f(x) -> Unknown:\n    return [x]\n",
        '"""A module."""\nfrom __future__ import annotations\ndef f(x: Unknown): return [x]',
        "f = lambda x: [x]",
    ],
)
def test_a_program_and_a_continuation_of_the_prompt_come_to_the_same(source: str) -> None:
    assert outcome(PROMPT, source) == [2]


def test_without_set_up_code_the_program_stays_as_it_is() -> None:
    assert with_setup(" \n", "  f") == "  f"


def test_line_numbers_behind_future_imports_stay_as_they_were() -> None:
    source = "from __future__ import (\n    annotations,\n)\nx = 1\n"
    fitted = with_setup("import re", source)
    assert fitted.index("x = 1") > fitted.index("import re")
    assert fitted.split("import re\n")[1].splitlines().index("x = 1") == 3


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x): pass", True),
        ("async def f(x): pass", True),
        ("class f: pass", True),
        ("f = 1", True),
        ("f: int = 1", True),
        ("def ff(x): pass", False),
        ("class Solution:\n    def f(self): pass", False),
        ("# def f(x)", False),
    ],
)
def test_a_definition_is_found_at_the_top_level_only(source: str, found: bool) -> None:
    assert defines(source, "f") is found


@pytest.mark.parametrize(
    ("entry_point", "source", "resolved"),
    [
        ("f", "def f(): pass", "f"),
        ("f", "class Solution:\n    def f(self): pass", "Solution().f"),
        ("f", "class Solution: pass\ndef f(): pass", "f"),
        ("f", "g = 1", "f"),
        ("Solution().f", "def f(): pass", "Solution().f"),
    ],
)
def test_a_function_may_be_a_method_of_leetcodes_class(
    entry_point: str, source: str, resolved: str
) -> None:
    assert resolve_entry_point(entry_point, source) == resolved
