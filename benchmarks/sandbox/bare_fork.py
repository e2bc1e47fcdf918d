"""What a stdin test costs where nothing keeps it in: a fork of a warm interpreter that reads,
prints and ends. What `benchmarks.sandbox.cost` shows beyond it is what the jail costs.

    python -m benchmarks.sandbox.bare_fork [--tests 2000]
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys

from sandbox.agent.python_run import import_warm_modules

PROGRAM = compile("print(int(input()) * 2)", "main.py", "exec")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tests", type=int, default=2000)
    options = arguments.parse_args()
    import_warm_modules()
    gc.collect()
    gc.freeze()
    before_s = cpu_s()
    for _ in range(options.tests):
        run_one()
    print(f"bare fork: {(cpu_s() - before_s) * 1000 / options.tests:.2f} ms CPU a test")


def run_one() -> None:
    """One test in a process of its own, from its input to its end."""
    given, give = os.pipe()
    take, taken = os.pipe()
    os.write(give, b"21\n")
    os.close(give)
    child = os.fork()
    if child == 0:
        os.dup2(given, 0)
        os.dup2(taken, 1)
        exec(PROGRAM, {})  # noqa: S102 - our own
        sys.stdout.flush()
        os._exit(0)
    os.close(given)
    os.close(taken)
    with open(take, "rb", buffering=0) as answers:
        answer = answers.read()
    os.waitpid(child, 0)
    assert answer == b"42\n", answer


def cpu_s() -> float:
    """CPU seconds of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in used)


if __name__ == "__main__":
    main()
