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

import ray
from ray.exceptions import RayActorError

GRACE_S = 30
_libc = ctypes.CDLL(None)


@ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=0)
class Worker:
    """One worker process, with a CPU of its own."""

    def __init__(self, redis: str, command: str, kinds: str) -> None:
        self._process = subprocess.Popen(
            [command, "worker", "--processes", "1", "--sandbox", "local", "--kinds", kinds],
            # Its address has a password in it: not for `ps`.
            env={**os.environ, "VERIFIER_REDIS": redis},
            preexec_fn=end_with_parent,  # noqa: PLW1509 - it takes no lock
        )

    def status(self) -> int | None:
        """None as long as it runs. An actor whose worker has ended ends, so that Ray starts it
        anew."""
        status = self._process.poll()
        if status is not None:
            os._exit(1)
        return status

    def stop(self) -> None:
        """It gives its work to others and ends."""
        self._process.terminate()
        self._process.wait(GRACE_S)


def end_with_parent() -> None:
    """Of a process about to start: SIGTERM when the actor ends, however that happens."""
    _libc.prctl(1, signal.SIGTERM, 0, 0, 0)


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
        sys.exit("Where is the work? Set VERIFIER_REDIS to the address of the service's Redis.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ray.init(address=options.address, log_to_driver=False)
    count = options.workers or int(ray.available_resources().get("CPU", 0))
    if not count:
        sys.exit("No CPU of this cluster is idle: say how many --workers there shall be.")
    spread = Worker.options(scheduling_strategy="SPREAD")
    workers = [spread.remote(redis, options.verifier, options.kinds) for _ in range(count)]
    print(f"{count} workers", flush=True)
    try:
        while True:
            time.sleep(1)
            for worker in workers:
                try:
                    ray.get(worker.status.remote(), timeout=10)
                except (RayActorError, ray.exceptions.GetTimeoutError):
                    continue  # it waits for a place, or starts anew
    finally:
        ray.wait([worker.stop.remote() for worker in workers], num_returns=count, timeout=GRACE_S)


if __name__ == "__main__":
    main()
