"""A row is judged where the libraries are that it asks for, or says which one is nowhere."""

from collections.abc import Callable
from typing import NoReturn

import pytest

from sandbox import PYTHON, JailUnavailable, Program
from sandbox.languages import SCIENCE
from sandbox.pool import OPENERS, JailPool
from sandbox.runs.warm_jail import WarmJail
from tests.verifier.conftest import LIMITS, JudgeProgram
from verifier.ground_truth import read_ground_truth
from verifier.model import NO_LIMITS, AssertTruth, Outcome
from verifier.programs.judge import ProgramJudge

NEXT = "def f(n):\n    return int(sympy.nextprime(n))\n"
SYMPY = {
    "kind": "assert",
    "entry_point": "f",
    "setup": "import sympy",
    "test": "assert f(10) == 11",
}
"""The service needs sympy itself, so that a local jail always has it."""


LABELS = "def f(points):\n    return [int(point[0] > 1) for point in points]\n"


@pytest.fixture(scope="module")
def science(pool: JailPool, not_here: Callable[[str], NoReturn]) -> None:
    try:
        with pool.jail(variant=SCIENCE):
            pass
    except JailUnavailable as refusal:
        not_here(str(refusal))


@pytest.mark.slow
@pytest.mark.usefixtures("science")
@pytest.mark.parametrize(
    "test",
    [
        "assert f(10) == 11",  # read on the trusted side
        "def g(n): return n % 2 == 1 and n > 10\n\nassert g(f(10))",
    ],
)
def test_suites_run_where_their_libraries_are(judge: JudgeProgram, test: str) -> None:
    row = {**SYMPY, "test": test}
    assert judge(row, NEXT).outcome is Outcome.CORRECT
    assert judge(row, NEXT.replace("next", "prev")).outcome is Outcome.WRONG_ANSWER


@pytest.mark.slow
@pytest.mark.usefixtures("science")
def test_so_do_calls_and_rows_that_list_their_libraries(judge: JudgeProgram) -> None:
    cases = [{"args": [10], "expected": 11}]
    calls = {"kind": "call", "entry_point": "f", "setup": "import sympy", "cases": cases}
    assert judge(calls, NEXT).outcome is Outcome.CORRECT
    listed = {
        "entry_point": "f",
        "prompt": "",
        "test": "def check(candidate):\n    assert candidate(10) == 11",
        "libs": "['sympy', 're']",
    }
    assert judge(listed, f"import sympy\n{NEXT}").outcome is Outcome.CORRECT


@pytest.mark.usefixtures("science")
def test_a_candidate_may_import_what_the_larger_variant_has(judge: JudgeProgram) -> None:
    row = {**SYMPY, "setup": ""}
    for test in (SYMPY["test"], "n = 10\nwhile n < 11:\n    n = f(n)\nassert n == 11"):
        verdict = judge({**row, "test": test}, f"import sympy\n{NEXT}")
        assert verdict.outcome is Outcome.CORRECT, verdict


def test_what_a_candidate_alone_imports_is_its_own_affair(judge: JudgeProgram) -> None:
    """Else it could choose not to be judged."""
    verdict = judge({**SYMPY, "setup": ""}, f"import no_such_library\n{NEXT}")
    assert verdict.outcome is Outcome.RUNTIME_ERROR
    assert verdict.first_failure is not None
    assert "no_such_library" in verdict.first_failure["message"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({**SYMPY, "setup": "import sympy, no_such_library"}, "no_such_library"),
        ({**SYMPY, "test": f"def g():\n    import tensorflow\n{SYMPY['test']}"}, "tensorflow"),
    ],
)
@pytest.mark.usefixtures("science")
def test_what_no_jail_has_makes_every_program_null(
    judge: JudgeProgram, row: dict[str, str], name: str
) -> None:
    for source in (NEXT, "f = str", "raise SystemExit"):
        verdict = judge(row, source)
        assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
        assert f"asks for `{name}`" in str(verdict.message)


TABLES = {
    "a table": (
        "def f(n): return pd.DataFrame({'a': [1, 2], 'b': ['x', n]}, index=['p', 'q'])",
        (
            "import pandas as pd\ntable = f('y')\nassert isinstance(table, pd.DataFrame)\n"
            "assert table.shape == (2, 2) and 'a' in table.columns and table.loc['q', 'b'] == 'y'\n"
            "expected = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=['p', 'q'])\n"
            "assert table.equals(expected) and (table['a'] > 0).all()\n"
            "pd.testing.assert_frame_equal(table, expected)"
        ),
    ),
    "a column of days": (
        "def f(n): return pd.Series(pd.date_range('2020-01-01', periods=n, name='d'), name='s')",
        (
            "import pandas as pd\nassert f(3)[2] == pd.Timestamp('2020-01-03')\n"
            "assert f(2).equals(pd.Series(pd.to_datetime(['2020-01-01', '2020-01-02'])))\n"
            "assert f(2).dtype.kind == 'M' and f(1).name == 's'"
        ),
    ),
    "a table, given and changed": (
        "def f(table): table['b'] = table['a'].astype('category')",
        (
            "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2]})\nf(table)\n"
            "assert list(table.b) == [1, 2]"
        ),
    ),
    "tables in a list": (
        "def f(tables): return sum(len(table) for table in tables)",
        (
            "import pandas as pd\n"
            "assert f([pd.DataFrame({'a': [1, 2]}), pd.DataFrame({'b': [1]})]) == 3"
        ),
    ),
    "axes beside a table": (
        (
            "def f(n):\n    import matplotlib.pyplot as plt\n    figure, axes = plt.subplots()\n"
            "    axes.bar(['x', 'y'], [1, n])\n    axes.set_title('t')\n"
            "    return pd.DataFrame({'n': [n]}), axes"
        ),
        (
            "import matplotlib.pyplot as plt\nimport pandas as pd\ntable, axes = f(2)\n"
            "assert isinstance(axes, plt.Axes) and axes.get_title() == 't'\n"
            "assert 'matplotlib.axes' in str(type(axes))\n"
            "assert [bar.get_height() for bar in axes.patches] == [1, 2]\n"
            "assert table.equals(pd.DataFrame({'n': [2]}))"
        ),
    ),
    "what is drawn": (
        (
            "import matplotlib.pyplot as plt\ndef f(n):\n    plt.plot([1, n])\n"
            "    plt.title('t')\n    return None, None"
        ),
        (
            "import matplotlib.pyplot as plt\nplt.figure()\nf(2)\n"
            "assert list(plt.gca().lines[0].get_ydata()) == [1, 2]\n"
            "assert plt.gca().get_title() == 't' and len(plt.get_fignums()) == 1\n"
            "plt.close('all')\nassert plt.get_fignums() == []"
        ),
    ),
}
LIES = """
class DataFrame:
    __module__ = "pandas.core.frame"
    shape, a, columns, empty = (2, 2), [], "a", True
    def get_title(self): return "t"
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return DataFrame()
    def __call__(self, *a, **k): return DataFrame()
    def equals(self, other): return True
    def all(self): return True
    def __gt__(self, other): return self
    def __eq__(self, other): return True
    def __contains__(self, item): return True
    def __getitem__(self, item): return self
    def __iter__(self): return iter([1, 2])
f = lambda n: (DataFrame(), DataFrame())
"""


@pytest.mark.usefixtures("science")
@pytest.mark.parametrize(("right", "test"), TABLES.values(), ids=TABLES)
def test_tables_cross_as_what_they_hold(judge: JudgeProgram, right: str, test: str) -> None:
    row = {"kind": "assert", "entry_point": "f", "test": test, "setup": "import pandas as pd"}
    try:
        verdict = judge(row, right)
    except JailUnavailable as reason:
        pytest.skip(str(reason))
    assert verdict.outcome is Outcome.CORRECT, verdict
    for wrong in ("def f(n): return n", LIES, LIES.replace("    __module__", "    module")):
        both = "(DataFrame(), DataFrame())"
        assert judge(row, wrong).reward == 0.0, wrong
        assert judge(row, wrong.replace(both, "DataFrame()")).reward == 0.0, wrong


DRAWN = """
import matplotlib.pyplot as plt
plt.figure()
f(2)
assert plt.gca().get_title() == 't'
assert list(plt.gca().lines[0].get_ydata()) == [1, 2]
"""
EQUAL = """
import matplotlib.pyplot as plt
class Equal:
    def __eq__(self, other): return True
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return self
    def __call__(self, *a): return self
    def __getitem__(self, at): return self
    def __iter__(self): return iter([self, self])
"""
PYPLOTS = {
    "axes that equal everything": f"{EQUAL}def f(n): plt.gca = Equal()",
    "data that does": (
        f"{EQUAL}def f(n):\n    plt.plot([1])\n    plt.title('t')\n"
        "    type(plt.gca().lines[0]).get_ydata = Equal()"
    ),
    "a title that does": (
        f"{EQUAL}class Text(str):\n    def __eq__(self, other): return True\n"
        "def f(n):\n    plt.plot([1, 2])\n    plt.Axes.get_title = lambda self: Text('x')"
    ),
}


@pytest.mark.slow
@pytest.mark.usefixtures("science")
def test_suites_may_ask_scikit_learn_themselves(judge: JudgeProgram) -> None:
    """It looks for its threads, which older releases start a process for."""
    test = (
        "from sklearn.cluster import KMeans\n\n"
        "def check(candidate):\n"
        "    found = candidate([[0.0], [0.1], [5.0]])\n"
        "    own = KMeans(n_clusters=2, n_init=1, random_state=0).fit([[0.0], [0.1], [5.0]])\n"
        "    assert (len(set(found)), len(set(own.labels_))) == (2, 2)\n"
    )
    try:
        verdict = judge({"kind": "assert", "entry_point": "f", "test": test}, LABELS)
    except JailUnavailable as reason:
        pytest.skip(str(reason))
    assert verdict.outcome is Outcome.CORRECT, verdict


@pytest.mark.slow
@pytest.mark.usefixtures("science")
@pytest.mark.parametrize("attack", PYPLOTS.values(), ids=PYPLOTS)
def test_no_drawing_decides_an_assertion(judge: JudgeProgram, pool: JailPool, attack: str) -> None:
    try:
        verdict = judge({"kind": "assert", "entry_point": "f", "test": DRAWN}, attack)
    except JailUnavailable as reason:
        pytest.skip(str(reason))
    assert verdict.reward != 1.0
    # The control: beside its judge it passes.
    beside = Program(f"{attack}\n{DRAWN}\nprint('passed')")
    with pool.jail(variant=SCIENCE) as jail, jail.load(beside, LIMITS) as weak:
        assert weak.run(b"").stdout == b"passed\n"


def test_what_one_can_do_without_is_not_asked_for(judge: JudgeProgram) -> None:
    setup = "try:\n    import no_such_library\nexcept ImportError:\n    pass"
    row = {"kind": "assert", "entry_point": "f", "setup": setup, "test": "assert f(1) == 1"}
    assert judge(row, "f = abs").outcome is Outcome.CORRECT


def test_a_machine_without_the_larger_image_says_how_to_get_it() -> None:
    def opener(variant: str = PYTHON) -> WarmJail:
        if variant == SCIENCE:
            raise JailUnavailable("there is no image verifier-sandbox:science; build it")
        return OPENERS["local"](variant)

    truth = read_ground_truth(SYMPY)
    assert isinstance(truth, AssertTruth)
    with (
        JailPool(opener, 1) as pool,
        pool.another(1) as referees,
        ProgramJudge(pool, referees, LIMITS) as judge,
        pytest.raises(JailUnavailable, match="asks for `sympy`: there is no image"),
    ):
        judge.judge(truth, NEXT, NO_LIMITS)


def test_a_suite_shares_its_libraries_with_the_program_as_its_harness_does() -> None:
    test = "import regex as re\nimport numpy as np\n\ndef check(candidate):\n    assert candidate()"
    truth = read_ground_truth({"entry_point": "f", "prompt": "", "test": test})
    assert isinstance(truth, AssertTruth)
    assert truth.setup == "import regex as re\nimport numpy as np"


@pytest.mark.usefixtures("science")
def test_a_data_file_of_a_row_is_there_for_the_candidate(judge: JudgeProgram) -> None:
    row = {
        "content": "Read 'a.csv', with sympy.sympify say, and give its sum.",
        "test": {"code": "#<INSERT>\nassert f() == 5", "asset": {"a.csv": "MiwzCg==", "b": None}},
        "labels": {"execution_language": "python"},
    }
    source = "import sympy\ndef f():\n    with open('a.csv') as file:\n"
    source += "        return sum(map(int, map(sympy.sympify, file.read().split(','))))\n"
    assert judge(row, source).outcome is Outcome.CORRECT
    assert judge(row, source.replace("sum", "max")).outcome is Outcome.WRONG_ANSWER
