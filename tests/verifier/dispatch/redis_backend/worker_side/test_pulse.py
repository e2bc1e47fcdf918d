"""What a worker tells its pulse."""

import subprocess
import sys

import pytest

from tests.verifier.dispatch.servers import RedisServer

pytestmark = pytest.mark.redis
TALKATIVE = """
import sys
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.worker_side.pulse import Pulse
pulse = Pulse(sys.argv[1], "one")
for number in range(10_000):
    pulse.has("c" * 32, ChunkId.parse(f"math-0-{number}-{number + 1}-0"))
    pulse.has()
pulse.close()
"""


def test_a_worker_may_say_more_between_two_beats_than_a_pipe_holds(server: RedisServer) -> None:
    """It says where each of its chunks begins and ends, which is read when the pulse beats."""
    subprocess.run([sys.executable, "-c", TALKATIVE, server.url], check=True)
