"""What a module of tests imports, and from where."""

from verifier.ground_truth.imports_of_tests import (
    candidate_imports,
    missing_imports,
    shared_imports,
)

MODULE = """import math
from solution import f, g as h
from .helper import *
import other_package
"""


def test_the_library_is_shared_and_the_candidates_module_is_not() -> None:
    assert shared_imports(MODULE) == "import math"


def test_names_of_the_candidate_are_those_of_its_module() -> None:
    assert candidate_imports(MODULE) == ["f", "g"]


def test_modules_that_harnesses_give_are_imported() -> None:
    used = "assert f(math.pi) == np.array([1])"
    assert missing_imports(used) == "import math\nimport numpy as np"
    assert missing_imports(f"import math, numpy as np\n{used}") == ""
    dates = "assert f(datetime.now()) == 1\nassert f(timedelta(1)) == 2"
    lines = ["from datetime import datetime", "from datetime import timedelta"]
    assert missing_imports(dates) == "\n".join(lines)
    assert missing_imports(f"import datetime\nfrom datetime import timedelta\n{dates}") == ""
    assert missing_imports("from collections import *\nassert f(deque()) == 1") == ""
    assert "import urllib.parse" in missing_imports("import urllib\nassert f('a')")
