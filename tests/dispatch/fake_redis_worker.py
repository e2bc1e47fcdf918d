"""A worker of the Redis mode with the obedient judge of `fake_worker`."""

import os
import sys

from tests.dispatch.fake_worker import ObedientJudge, refuse
from verifier.dispatch.redis_backend import pulse
from verifier.dispatch.redis_backend.worker import main

if __name__ == "__main__":
    pulse.JUDGE_CPU_S = float(os.environ.get("JUDGE_CPU_S", pulse.JUDGE_CPU_S))
    sys.exit(main(lambda kind: refuse() if kind == "broken" else ObedientJudge(kind)))
