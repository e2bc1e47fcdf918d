"""Workers of a service as actors of the Ray cluster that training runs on, on its idle CPUs.

`VERIFIER_REDIS=redis://... python deploy/ray/workers.py [--workers N]` where the cluster can be
reached (`pip install 'grpo-verifier[ray]'`, of the cluster's version; all nodes have `verifier`).
Where actors go, what becomes of them when a node is lost, and whether nodes come for them is Ray's
affair; what they judge comes from Redis, so nothing is lost with one. They end with this program.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from functools import partial

import ray
from ray.exceptions import RayError

PAUSE_S = 1.0
"""Before a worker that ended starts again."""


@ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)
class Worker:
    """One worker process, with a CPU of its own."""

    def run(self, redis: str, command: str, kinds: str) -> str:
        """Judge until the worker ends, which nobody asks for; how it did. Where the actor is lost,
        Ray starts it elsewhere and calls this anew."""
        die_with_parent = partial(ctypes.CDLL(None).prctl, 1, signal.SIGTERM, 0, 0, 0)
        try:
            status = subprocess.call(
                [command, "worker", "--processes", "1", "--sandbox", "local", "--kinds", kinds],
                # Its address has a password in it: not for `ps`.
                env={**os.environ, "VERIFIER_REDIS": redis},
                preexec_fn=die_with_parent,
            )
        except OSError as error:
            return f"cannot be started: {error}"
        return f"ended with status {status}"


def main() -> None:
    """Until SIGTERM or Ctrl-C."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--address", default="auto", help="of the cluster")
    arguments.add_argument("--workers", type=int, help="default: one for each CPU that is idle now")
    arguments.add_argument("--kinds", default="math,code")
    arguments.add_argument("--verifier", default="verifier", help="the command, on every node")
    options = arguments.parse_args()
    redis = os.environ.pop("VERIFIER_REDIS", None)
    if not redis:
        sys.exit("No Redis is named: set VERIFIER_REDIS to the address of the service's Redis.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ray.init(address=options.address, log_to_driver=False)
    count = options.workers or int(ray.available_resources().get("CPU", 0))
    if not count:
        sys.exit("No CPU of this cluster is idle: say how many --workers there shall be.")
    spread = Worker.options(scheduling_strategy="SPREAD")

    def start() -> tuple[ray.ObjectRef, ray.actor.ActorHandle]:
        worker = spread.remote()
        return worker.run.remote(redis, options.verifier, options.kinds), worker

    running = dict(start() for _ in range(count))
    print(f"{count} workers", flush=True)
    while True:
        ended, _ = ray.wait(list(running), timeout=PAUSE_S)
        for run in ended:
            del running[run]  # and its actor with it
            print(f"a worker {how_it_ended(run)}; another is started", file=sys.stderr, flush=True)
            time.sleep(PAUSE_S)
            running.update([start()])


def how_it_ended(run: ray.ObjectRef) -> str:
    """In words."""
    try:
        return str(ray.get(run))
    except RayError as error:
        return f"was lost: {error}"


if __name__ == "__main__":
    main()
