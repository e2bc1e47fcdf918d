"""The command of every worker process: begins with the math child, whose imports take longest.

`python -m verifier.worker_process MODULE OPTION...`, MODULE being the worker of a backend: its own
imports take half as long, and go on meanwhile.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from verifier.children.warm_child import start_early

MATH = "verifier.math.zygote"


def command(module: str) -> tuple[str, ...]:
    """Starts the worker of this module."""
    return (sys.executable, "-m", __name__, module)


def main() -> int | None:
    """Returns what the worker's own `main` does."""
    module = sys.argv.pop(1)
    start_early(MATH)
    worker: Callable[[], int | None] = import_module(module).main
    return worker()


if __name__ == "__main__":
    sys.exit(main())
