"""What a run has used is counted once, whatever its processes do while they are looked at."""

import os
import subprocess
import sys

import pytest

from sandbox.agent import usage

USED_S = 0.3
ITSELF = f"import time\nwhile time.process_time() < {USED_S}: pass"
ITS_CHILD = f"import os\nif os.fork(): os.wait(); raise SystemExit\n{ITSELF}"


@pytest.mark.parametrize("who", [ITSELF, ITS_CHILD], ids=["itself", "its-child"])
@pytest.mark.parametrize("after", ["_own_cpu_s", "_children_cpu_s"])
@pytest.mark.parametrize("parent_first", [False, True])
def test_a_process_that_is_waited_for_during_a_look_is_not_counted_twice(
    monkeypatch: pytest.MonkeyPatch, who: str, after: str, parent_first: bool
) -> None:
    me = os.getpid()
    child = subprocess.Popen([sys.executable, "-c", who])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    read = getattr(usage, after)

    def read_and_wait(process: int) -> float:
        cpu_s: float = read(process)
        if process == child.pid:
            child.wait()
        return cpu_s

    before_s = usage.cpu_s_of([me, child.pid])
    monkeypatch.setattr(usage, after, read_and_wait)
    during_s = usage.cpu_s_of([me, child.pid] if parent_first else [child.pid, me])
    monkeypatch.undo()
    assert child.returncode == 0
    assert before_s - 1.5 * USED_S < during_s < before_s + 0.5 * USED_S
    assert usage.cpu_s_of([me, child.pid]) >= before_s - 0.02
