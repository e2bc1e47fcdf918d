"""A worker of the Redis mode with the obedient judge of `fake_worker`."""

import os
import sys

from tests.verifier.dispatch.embedded.fake_worker import ObedientJudge, refuse
from verifier.dispatch.redis_backend import names

# Before the scripts for Redis are written with it.
names.LEASE_S = float(os.environ.get("LEASE_S", names.LEASE_S))
names.WORKER_FORGOTTEN_S = max(names.WORKER_FORGOTTEN_S, 2.5 * names.LEASE_S)

from verifier.dispatch.chunk import JUDGE_CPU_S  # noqa: E402
from verifier.dispatch.redis_backend.worker_side import pulse  # noqa: E402
from verifier.dispatch.redis_backend.worker_side.worker import main  # noqa: E402

if __name__ == "__main__":
    used_s = os.environ.get("JUDGE_CPU_S", JUDGE_CPU_S)
    vars(pulse)["JUDGE_CPU_S"] = float(used_s)
    sys.exit(main(lambda kind: refuse() if kind == "broken" else ObedientJudge(kind)))
