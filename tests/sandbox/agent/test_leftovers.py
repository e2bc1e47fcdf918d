"""The agent ends what a run left running, also where the kernel keeps no list of children."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

AGENTS_PLACE = Path(__file__).parents[3] / "sandbox"
UID = 1_734_567
LEAVE_SOME = f"""
import ctypes, os, signal, sys
from agent.leftovers import Leftovers
subreaper = 36  # what process 1 is
ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0)
leftovers = Leftovers(os.getpid())
if sys.argv[1] == "unlisted":
    leftovers._children = None
ready, tell = os.pipe()
first = os.fork()
if first == 0:
    os.setresuid({UID}, {UID}, {UID})
    for number in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
                os.write(tell, b"x")
                signal.pause()
            if number:
                os._exit(0)
            signal.pause()
    os._exit(0)
_, _, used = os.wait4(first, 0)
for _ in range(3):
    os.read(ready, 1)
leftovers.end_processes(used, {UID})
try:
    os.getpriority(os.PRIO_USER, {UID})
except ProcessLookupError:
    print("none is left")
"""


def _run_beside_the_agent(
    *arguments: str, pass_fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=AGENTS_PLACE,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        pass_fds=pass_fds,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a process another uid")
@pytest.mark.parametrize("how", ["listed", "unlisted"])
def test_no_process_of_a_run_outlives_it(how: str) -> None:
    assert _run_beside_the_agent("-c", LEAVE_SOME, how).stdout == "none is left\n"


def test_agent_serves_as_process_1_only_as_it_would_miss_what_others_inherit() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        descriptor = theirs.fileno()
        agent = _run_beside_the_agent(
            "-m", "agent", "--fd", str(descriptor), pass_fds=(descriptor,)
        )
    assert agent.returncode != 0
    assert "process 1" in agent.stderr
