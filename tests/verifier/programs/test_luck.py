"""What a program's text shows of chance: in doubt it may be lucky, and is only run again."""

import pytest

from verifier.programs.luck import may_be_lucky

PLAIN = [
    "n = int(input())\nprint(n * 2)",
    "import sys\nfrom collections import defaultdict, deque\nprint(sys.stdin.read())",
    "import os, sys\nfrom io import BytesIO\ndata = os.read(0, os.fstat(0).st_size)",
    "import random\nrandom.shuffle([1, 2])  # starts from the same state in every run",
    "import re\npattern = re.compile('a+')\nlines = open(0).readlines()",
    "class P:\n    def __init__(self):\n        self.a = {}\n    def __lt__(self, o): pass",
    "def main():\n    time = 3\n    return time\nif __name__ == '__main__':\n    main()",
    "import time\nimport datetime\nprint(datetime.date(2020, 1, 1))",
    "import numpy as np\nprint(np.zeros(3))",
    "def f():\n    yield from range(3)",
]
LUCKY = [
    "import time\nprint(time.time())",
    "import time as t\nprint(t.time())",
    "from time import *\nprint(time())",
    "import datetime\nprint(datetime.datetime.now())",
    "from datetime import datetime as d\nn = d.now\nprint(n())",
    "import os\nprint(os.urandom(1))",
    "import os\no = os\nprint(o.getpid())",
    "import os as o\nprint(o.getpid())",
    "import random\nprint(random.SystemRandom().random())",
    "import random\nrandom.seed()",
    "from random import Random\nprint(Random().random())",
    "import random\nprint(random._os.getpid())",
    "import uuid\nprint(uuid.uuid4())",
    "x = 1; import secrets",
    "import \\\n  secrets",
    "from \\\n  secrets import token_hex",
    "print(id(object()) % 2)",
    "print(open('/proc/uptime').read())",
    "import io\nio.FileIO('/dev/urandom')",
    "print(__import__('ti' + 'me').time())",
    "import sys\nprint(sys.modules['ti' 'me'])",
    "import queue\nprint(queue.time())",
    "print(().__class__.__base__.__subclasses__())",
    "eval(input())",
    "getattr(sys, 'mod' + 'ules')",
    "import numpy as np\nprint(np.random.rand())",
    "import numpy\nprint(numpy.empty(3))",
    "import threading\nthreading.Thread(target=print).start()",
    "\N{MATHEMATICAL BOLD SMALL I}mport secrets",
    "import \N{MATHEMATICAL BOLD SMALL T}ime\nprint(\N{MATHEMATICAL BOLD SMALL T}ime.time())",
]


@pytest.mark.parametrize("source", PLAIN)
def test_what_runs_the_same_again_is_known_as_that(source: str) -> None:
    assert not may_be_lucky(source)


@pytest.mark.parametrize("source", LUCKY)
def test_whatever_may_look_at_clocks_or_chance_is_not_taken_for_the_same(source: str) -> None:
    assert may_be_lucky(source)
