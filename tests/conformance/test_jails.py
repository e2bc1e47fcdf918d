"""What every jail must do, whatever it is made of."""

import base64
import json
import os
import select
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from sandbox import Built, JailUnavailable, Limits, Opaque, Program, Status, agent
from sandbox.agent.python_run import ENVIRONMENT
from sandbox.model import MIB
from sandbox.pool import JailPool
from sandbox.runs.warm_jail import WarmJail
from sandbox.selfcheck import CHECKS, Check
from tests.examples import Example, read_examples

EXAMPLES = read_examples((Path(__file__).parent / "programs").glob("*.py"))
LIMITS = Limits(cpu_s=20.0, wall_s=20.0, memory_bytes=256 * MIB, output_bytes=MIB)
"""More time than anything here needs on a slow machine; memory costs some ten times what it does
elsewhere."""
SHORT = replace(LIMITS, cpu_s=0.3, wall_s=0.3)
"""For what is to use it up."""
CallArguments = tuple[list[object], dict[str, object]]
ONE_SECOND = replace(LIMITS, cpu_s=1.0)
LOOK_AROUND = """
import os
def uid(process):
    return open(f"/proc/{process}/status").read().split("Uid:")[1].split()[0]
others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
# The agent's own is root's.
others = [process for process in others if uid(process) != "0" or os.getuid() == 0]
print(input(), *map(os.listdir, ("/tmp", "/dev/shm", "/mnt")), others)
"""
ECHO_LENGTH = "import sys; print(len(sys.stdin.read()))"
WRITE_EVERYWHERE = (
    "import os\n    for fd in range(3, 64):\n        try: os.write(fd, {})\n"
    "        except OSError: pass\n    "
)


@pytest.fixture(autouse=True)
def _next_run_is_unaffected(pool: JailPool) -> Iterator[None]:
    """After every test here: the jail still works and nothing of the test is in it."""
    yield
    with pool.jail() as jail, jail.load(Program(LOOK_AROUND), LIMITS) as script:
        result = script.run(b"still here")
    assert (result.status, result.stdout) == (Status.OK, b"still here [] [] [] []\n")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.promise.replace(" ", "_"))
def test_keeps_its_promise(pool: JailPool, check: Check) -> None:
    if check.promise == "and the next finds none":
        pytest.skip("is the second half of the check before it; here it would stand alone")
    with pool.jail() as jail, jail.load(Program(check.source), check.limits) as script:
        assert check.kept_by(script.run(b"ko\n"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_program_ends_as_its_header_says(pool: JailPool, example: Example) -> None:
    limits = SHORT if Status.TIME_LIMIT in example.statuses else LIMITS
    with pool.jail() as jail, jail.load(Program(example.source), limits) as script:
        result = script.run(example.stdin)
    assert result.status in example.statuses, result
    if example.stdout is not None:
        assert result.stdout == example.stdout


def test_program_is_compiled_once_and_starts_afresh_for_every_input(pool: JailPool) -> None:
    source = "import sys\nsys.seen = getattr(sys, 'seen', 0) + 1\nprint(input(), sys.seen)"
    with pool.jail() as jail, jail.load(Program(source), LIMITS) as script:
        outputs = [script.run(str(i).encode()).stdout for i in range(3)]
    assert outputs == [b"0 1\n", b"1 1\n", b"2 1\n"]


def test_run_may_use_every_cpu_that_its_jail_may(pool: JailPool) -> None:
    source = "import os\nprint(*os.sched_getaffinity(0))"
    with pool.jail() as jail, jail.load(Program(source), LIMITS) as script:
        results = list(script.run_each([b""] * 10))
    for result in results:
        assert {int(cpu) for cpu in result.stdout.split()} >= os.sched_getaffinity(0)


NUMBERED = """
import os, sys, time
number = int(input())
sys.seen = getattr(sys, "seen", 0) + 1
left = os.listdir("/tmp") + os.listdir("/dev/shm") + os.listdir("/mnt")
open("/tmp/left", "w").close()
{}
print(number, sys.seen, left, sorted(map(int, os.listdir("/dev/fd")))[:-1])
"""


@pytest.mark.parametrize(
    ("odd_one", "status"),
    [
        ("pass", Status.OK),
        ("time.sleep(0.03)", Status.OK),
        ("os._exit(3)", Status.NONZERO_EXIT),
        ("while True: pass", Status.TIME_LIMIT),
        ("while True: print('x' * 4096)", Status.OUTPUT_LIMIT),
        ("x = bytearray(1 << 30)", Status.MEMORY_LIMIT),
        ("os.kill(os.getpid(), 9)", Status.SIGNALLED),
    ],
)
def test_runs_of_one_program_know_nothing_of_each_other(
    pool: JailPool, odd_one: str, status: Status
) -> None:
    count, odd = 40, 22
    source = NUMBERED.format(f"if number == {odd}:\n    {odd_one}")
    limits = SHORT if status is Status.TIME_LIMIT else LIMITS
    with pool.jail() as jail, jail.load(Program(source), limits) as script:
        results = list(script.run_each(str(number).encode() for number in range(count)))
    assert [result.status for result in results] == [
        status if number == odd else Status.OK for number in range(count)
    ]
    assert [result.stdout for result in results if result.status is Status.OK] == [
        f"{number} 1 [] [0, 1, 2]\n".encode()
        for number in range(count)
        if number != odd or status is Status.OK
    ]


def test_inputs_of_any_size_come_in_order(pool: JailPool) -> None:
    sizes = [10, 3 * MIB, 0, 100_000, *[MIB // 2] * 5, 1]
    with pool.jail() as jail, jail.load(Program(ECHO_LENGTH), LIMITS) as script:
        results = list(script.run_each(b"x" * size for size in sizes))
    assert [result.stdout for result in results] == [f"{size}\n".encode() for size in sizes]


def test_runs_are_not_far_ahead_of_the_results_that_were_taken(pool: JailPool) -> None:
    asked = []

    def inputs() -> Iterator[bytes]:
        for number in range(1000):
            asked.append(number)
            yield b""

    with pool.jail() as jail, jail.load(Program("print(len(input()))"), LIMITS) as script:
        results = script.run_each(inputs())
        assert next(results).status is Status.NONZERO_EXIT  # there is nothing to be read
        next(results)
        assert len(asked) <= 3


def test_random_program_does_the_same_thing_again(pool: JailPool) -> None:
    source = "import random\nprint(random.random(), hash('a'))"
    with pool.jail() as jail, jail.load(Program(source), LIMITS) as script:
        assert script.run(b"").stdout == script.run(b"").stdout


def test_reports_cpu_time_and_peak_memory_of_the_whole_tree(pool: JailPool) -> None:
    source = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    x = bytearray(100 << 20)\n"
        "    while time.process_time() < 0.3: pass\n"
        "else:\n"
        "    os.wait()\n"
    )
    with pool.jail() as jail, jail.load(Program(source), LIMITS) as script:
        result = script.run(b"")
    assert result.status is Status.OK
    assert result.cpu_s >= 0.3
    assert result.peak_memory_bytes > 100 * MIB


def test_cpu_limit_holds_for_a_tree_of_processes(pool: JailPool) -> None:
    source = "import os\nfor _ in range(5): os.fork()\nwhile True: pass"
    with pool.jail() as jail, jail.load(Program(source), SHORT) as script:
        result = script.run(b"")
    assert result.status is Status.TIME_LIMIT
    assert result.cpu_s < 2**5 * SHORT.cpu_s, "each process had as much"


def test_two_runs_never_share_a_uid_where_the_jail_has_several(pool: JailPool) -> None:
    with pool.jail() as jail, jail.load(Program("import os\nprint(os.getuid())"), LIMITS) as script:
        uids = {script.run(b"").stdout for _ in range(3)}
    assert len(uids) == 3 or os.geteuid() != 0


def test_calls_answer_with_plain_data(pool: JailPool) -> None:
    values = [
        0, -1, 2**63, -(2**200), 0.5, float("inf"), "", "é\ud800\n", True, None, b"\x00\xff",
        [], [1, [2, [3]]], (1, "a"), {1, 2}, frozenset({3}), {"a": [1], 2: (3,)}, 1 + 2j, range(3),
    ]  # fmt: skip
    with (
        pool.jail() as jail,
        jail.open_calls(Program("def f(x): return x"), "f", LIMITS) as calls,
    ):
        for value in values:
            answer = calls.call([value], {})
            assert (answer.status, answer.value) == (Status.OK, value)
            assert type(answer.value) is type(value)


def test_subclasses_of_plain_types_arrive_as_what_python_compares_them_as(pool: JailPool) -> None:
    source = (
        "import collections, enum\n"
        "class Liar(list):\n"
        "    def __eq__(self, other): return True\n"
        "    def __iter__(self): return iter([1, 2, 3])\n"
        "def f(kind):\n"
        "    return {'counter': collections.Counter('aab'),\n"
        "            'default': collections.defaultdict(int, a=1),\n"
        "            'enum': enum.IntEnum('E', 'A').A, 'liar': Liar([9]),\n"
        "            'tuple': collections.namedtuple('P', 'x y')(1, 2)}[kind]\n"
    )
    expected = {
        "counter": {"a": 2, "b": 1},
        "default": {"a": 1},
        "enum": 1,
        "liar": [9],
        "tuple": (1, 2),
    }
    with pool.jail() as jail, jail.open_calls(Program(source), "f", LIMITS) as calls:
        assert {kind: calls.call([kind], {}).value for kind in expected} == expected


def test_other_objects_arrive_as_opaque_and_equal_nothing(pool: JailPool) -> None:
    source = "class Same:\n    def __eq__(self, other): return True\ndef f(): return Same()"
    with pool.jail() as jail, jail.open_calls(Program(source), "f", LIMITS) as calls:
        value = calls.call([], {}).value
    assert isinstance(value, Opaque)
    assert value != value


def test_arguments_can_be_built_by_the_programs_own_functions(pool: JailPool) -> None:
    source = (
        "class ListNode:\n"
        "    def __init__(self, val, next=None): self.val, self.next = val, next\n"
        "def list_node(values):\n"
        "    head = None\n"
        "    for value in reversed(values): head = ListNode(value, head)\n"
        "    return head\n"
        "class Solution:\n"
        "    def rest(self, head): return head.next\n"
    )
    with pool.jail() as jail, jail.open_calls(Program(source), "Solution().rest", LIMITS) as calls:
        value = calls.call([Built("list_node", ([1, 2, 3],))], {}).value
    assert (value.type_name, value.items) == ("ListNode", (2, 3))


def test_iterator_is_drained_only_on_request(pool: JailPool) -> None:
    program = Program("def f(): return (i * i for i in range(3))")
    with pool.jail() as jail, jail.open_calls(program, "f", LIMITS) as calls:
        assert calls.call([], {}).value.items is None
        assert calls.call([], {}, consume=True).value.items == (0, 1, 4)


def test_exception_ends_the_call_but_not_the_process(pool: JailPool) -> None:
    with (
        pool.jail() as jail,
        jail.open_calls(Program("def f(x): return 1 / x"), "f", LIMITS) as calls,
    ):
        first, second = calls.call([0], {}), calls.call([2], {})
    assert (first.status, first.raised) == (Status.NONZERO_EXIT, "ZeroDivisionError")
    assert (second.status, second.value) == (Status.OK, 0.5)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("while True: pass", Status.TIME_LIMIT),
        ("import time; time.sleep(60)", Status.TIME_LIMIT),
        ("import os; os._exit(0)", Status.NONZERO_EXIT),
        ("import sys; sys.exit(0)", Status.NONZERO_EXIT),
        ("import os; os.kill(os.getpid(), 9)", Status.SIGNALLED),
        ("return bytearray(1 << 30)", Status.MEMORY_LIMIT),
        ("return [0] * 5_000_000", Status.OUTPUT_LIMIT),
        ("x = []; x.append(x); x.append(x); return x", Status.OK),
        (WRITE_EVERYWHERE.format(b"\0\0\0\4true") + "os._exit(0)", Status.NONZERO_EXIT),
        (WRITE_EVERYWHERE.format(b"\xff" * 64) + "while True: pass", Status.OUTPUT_LIMIT),
        (WRITE_EVERYWHERE.format(b"\0\0\xff\xff") + "while True: pass", Status.TIME_LIMIT),
    ],
)  # fmt: skip
def test_call_that_misbehaves_is_told_apart(pool: JailPool, body: str, status: Status) -> None:
    source = f"def f():\n    {body}\n"
    limits = SHORT if status is Status.TIME_LIMIT else LIMITS
    with pool.jail() as jail, jail.open_calls(Program(source), "f", limits) as calls:
        assert calls.call([], {}).status == status


@pytest.mark.slow
def test_limit_of_calls_is_for_each_call(pool: JailPool) -> None:
    source = (
        "import time\n"
        "def f():\n"
        "    end = time.process_time() + 0.6\n"
        "    while time.process_time() < end: pass"
    )
    with pool.jail() as jail, jail.open_calls(Program(source), "f", ONE_SECOND) as calls:
        assert [calls.call([], {}).status for _ in range(3)] == [Status.OK] * 3


def test_calls_in_a_row_answer_in_order_and_an_exception_ends_none_but_its_own(
    pool: JailPool,
) -> None:
    program = Program("def f(x): return 10 // x")
    with pool.jail() as jail, jail.open_calls(program, "f", LIMITS) as calls:
        results = list(calls.call_each(([n % 5], {}) for n in range(100)))
        assert calls.call([2], {}).value == 5
    values = [result.value if result.raised is None else result.raised for result in results]
    assert values == ["ZeroDivisionError", 10, 5, 3, 2] * 20


@pytest.mark.slow
def test_limits_of_a_slow_call_do_not_count_from_the_quick_ones_it_was_asked_with(
    pool: JailPool,
) -> None:
    """Also where the worker comes late: it has no say in how long a call may take."""
    source = (
        "import time\n"
        "def f(seconds):\n"
        "    end = time.process_time() + seconds\n"
        "    while time.process_time() < end: pass\n"
    )
    cases: list[CallArguments] = [([0.6 if n >= 40 else 0], {}) for n in range(43)]
    with pool.jail() as jail, jail.open_calls(Program(source), "f", ONE_SECOND) as calls:
        results = calls.call_each(cases)
        quick = [next(results).status for _ in range(32)]
        calls._poll = cast(Any, _LatePoll(calls._poll, jail))
        assert [*quick, *(result.status for result in results)] == [Status.OK] * 43


def test_large_answers_in_a_row_are_no_flood(pool: JailPool) -> None:
    program = Program("def f(n): return 'x' * n")
    with pool.jail() as jail, jail.open_calls(program, "f", LIMITS) as calls:
        results = list(calls.call_each(([n * 10_000], {}) for n in range(100)))
    assert [len(result.value) for result in results] == [n * 10_000 for n in range(100)]


def test_answers_that_are_too_large_together_are_a_flood(pool: JailPool) -> None:
    """Each of them may be as large, and decoding them would cost us more than making them did."""
    program = Program("answer = 'x' * 10_000_000\ndef f(): return answer")
    limits = replace(LIMITS, output_bytes=16 * MIB)
    with pool.jail() as jail, jail.open_calls(program, "f", limits) as calls:
        statuses = [result.status for result in calls.call_each([([], {})] * 15)]
    assert statuses == [Status.OK] * 13 + [Status.OUTPUT_LIMIT] * 2


def test_arguments_that_cannot_be_carried_are_met_only_in_their_turn(pool: JailPool) -> None:
    program = Program("def f(x): return x")
    cases: list[CallArguments] = [([n], {}) for n in [*range(20), object()]]
    with pool.jail() as jail, jail.open_calls(program, "f", LIMITS) as calls:
        results = calls.call_each(cases)
        assert [next(results).value for _ in range(20)] == list(range(20))
        with pytest.raises(TypeError):
            next(results)


@pytest.mark.parametrize("frame", ['["stopped",null]', '["value",1]'])
def test_process_that_sends_its_calls_back_unanswered_gets_nowhere(
    pool: JailPool, frame: str
) -> None:
    source = (
        "import os\n"
        "def f(x):\n"
        f"    frame = {frame.encode()!r}\n"
        "    for fd in range(3, 64):\n"
        "        try: os.write(fd, (len(frame).to_bytes(4, 'big') + frame) * 50)\n"
        "        except OSError: pass\n"
        "    return x\n"
    )
    with pool.jail() as jail, jail.open_calls(Program(source), "f", LIMITS) as calls:
        results = list(calls.call_each(([n], {}) for n in range(100)))
    assert len(results) == 100
    assert [result.value for result in results] != list(range(100))


def test_waiting_to_be_called_is_not_sleep(pool: JailPool) -> None:
    limits = replace(LIMITS, wall_s=0.1)
    source = "import time\ndef f(seconds): time.sleep(seconds)"
    with pool.jail() as jail, jail.open_calls(Program(source), "f", limits) as calls:
        assert calls.call([0], {}).status is Status.OK
        # The agent says that nothing has moved for longer than the limit.
        assert select.select([jail], [], [], 60)[0]
        assert calls.call([0], {}).status is Status.OK
        assert calls.call([60], {}).status is Status.TIME_LIMIT


SLEEPS_OR_WORKS = """
import time
def f(what, seconds):
    if what == "sleep":
        time.sleep(seconds)
    end = time.process_time() + seconds
    while what == "work" and time.process_time() < end: pass
    return what
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["sleep", "work"])
def test_many_calls_that_are_each_within_their_limits_are_limited_together(
    pool: JailPool, what: str
) -> None:
    program = Program(SLEEPS_OR_WORKS)
    cases: list[CallArguments] = [([what, 0.3], {})] * 40
    strict = replace(LIMITS, total_cpu_s=1.0, total_wall_s=1.0)
    with pool.jail() as jail, jail.open_calls(program, "f", strict) as calls:
        results = [result.status for result in calls.call_each(cases)]
    assert results[0] is Status.OK
    assert results[-1] is Status.TIME_LIMIT
    assert results.count(Status.OK) < 10
    with pool.jail() as jail, jail.open_calls(program, "f", LIMITS) as calls:
        assert {result.status for result in calls.call_each(cases[:5])} == {Status.OK}


@pytest.mark.slow
@pytest.mark.parametrize("what", ["sleep", "work"])
def test_many_runs_that_are_each_within_their_limits_are_limited_together(
    pool: JailPool, what: str
) -> None:
    program = Program(SLEEPS_OR_WORKS + "f(input(), 0.3)")
    strict = replace(LIMITS, total_cpu_s=1.0, total_wall_s=1.0)
    with pool.jail() as jail, jail.load(program, strict) as script:
        results = [result.status for result in script.run_each([what.encode()] * 40)]
    assert results[0] is Status.OK
    assert results[-1] is Status.TIME_LIMIT
    assert results.count(Status.OK) < 10
    with pool.jail() as jail, jail.load(program, LIMITS) as script:
        results = [result.status for result in script.run_each([what.encode()] * 5)]
    assert set(results) == {Status.OK}


def test_waits_for_the_worker_are_no_sleep_in_all_calls_together_either(pool: JailPool) -> None:
    limits = replace(LIMITS, wall_s=0.1, total_wall_s=0.15)
    with pool.jail() as jail, jail.open_calls(Program(SLEEPS_OR_WORKS), "f", limits) as calls:
        for _ in range(4):
            assert calls.call(["", 0], {}).status is Status.OK
            # The agent says that nothing has moved for longer than the limit.
            assert select.select([jail], [], [], 60)[0]
        assert calls.call(["", 0], {}).status is Status.OK
        assert calls.call(["sleep", 60], {}).status is Status.TIME_LIMIT


def test_unloadable_program_is_told_apart_from_one_that_raises(pool: JailPool) -> None:
    outcomes = {}
    for source in ("def f(:", "1 / 0", "g = 1", "def f(): return 1"):
        with pool.jail() as jail, jail.open_calls(Program(source), "f", LIMITS) as calls:
            outcomes[source] = calls.call([], {}).status
    assert list(outcomes.values()) == [
        Status.COMPILE_ERROR, Status.NONZERO_EXIT, Status.NONZERO_EXIT, Status.OK,
    ]  # fmt: skip


def test_wait_for_a_late_worker_is_no_sleep_of_the_programs(pool: JailPool) -> None:
    source = "def f(x): return x"
    limits = replace(LIMITS, wall_s=0.05)
    with pool.jail() as jail, jail.open_calls(Program(source), "f", limits) as calls:
        assert select.select([jail], [], [], 60)[0]  # loaded, it waits, and the agent reports it
        assert calls.call([1], {}).value == 1


def test_answer_that_waited_for_a_late_worker_counts(
    pool: JailPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(LIMITS, wall_s=0.05)
    program = Program("def f(n): return 'x' * n")
    with pool.jail() as jail, jail.open_calls(program, "f", limits) as calls:
        assert calls.call([0], {}).value == ""
        monkeypatch.setattr(calls, "_poll", _LatePoll(calls._poll, jail))
        assert len(calls.call([300_000], {}).value) == 300_000


class _LatePoll:
    """A worker that got no CPU until the agent had something to report."""

    def __init__(self, poll: select.poll, jail: WarmJail) -> None:
        self._poll, self._jail, self._late = poll, jail, True

    def __getattr__(self, name: str) -> object:
        return getattr(self._poll, name)

    def poll(self, timeout_ms: float | None = None) -> list[tuple[int, int]]:
        if self._late:
            self._late = not select.select([self._jail], [], [], 60)[0]
        return self._poll.poll(timeout_ms)


def test_program_that_answers_byte_by_byte_is_a_sleeper_all_the_same(pool: JailPool) -> None:
    source = (
        "import os, time\n"
        "def f():\n"
        "    while True:\n"
        "        for fd in range(3, 20):\n"
        "            try: os.write(fd, b'\\0')\n"
        "            except OSError: pass\n"
        "        time.sleep(0.2)\n"
    )
    limits = replace(LIMITS, wall_s=0.3)
    with pool.jail() as jail, jail.open_calls(Program(source), "f", limits) as calls:
        assert calls.call([], {}).status is Status.TIME_LIMIT


NESTS = """
import os
for place in ("/tmp", "/dev/shm"):
    os.chdir(place)
    for number in range(3500):
        os.mkdir("folder")
        os.chdir("folder")
        open("file", "w").close()
    os.chdir(place)
    for number in range(500):
        os.mkdir(f"closed{number}", 0)
"""


def test_folders_deeper_than_paths_and_stacks_go_cost_their_program_and_not_the_jail(
    pool: JailPool,
) -> None:
    with pool.jail() as jail:
        with jail.load(Program("print(1)"), LIMITS) as script:
            idle_s = script.run(b"").cpu_s
        with jail.load(Program(NESTS), LIMITS) as script:
            result = script.run(b"")
        assert (result.status, result.stderr) == (Status.OK, b"")
        assert jail.reusable, "nothing is left in it"
        assert result.cpu_s > idle_s
    strict = replace(LIMITS, total_cpu_s=result.cpu_s)
    with pool.jail() as same, same.load(Program(NESTS), strict) as script:
        statuses = [found.status for found in script.run_each([b""] * 5)]
    assert same is jail
    assert statuses[-1] is Status.TIME_LIMIT


def test_more_memory_than_the_jail_has_is_refused_not_held_against_the_program(
    pool: JailPool,
) -> None:
    limits = replace(LIMITS, memory_bytes=1640 * MIB)
    with (
        pool.jail() as jail,
        jail.load(Program("print(1)"), limits) as script,
        pytest.raises(JailUnavailable, match="VERIFIER_JAIL_MEMORY_MB"),
    ):
        script.run(b"")


WITH_FILES = """
import os, sys
print(open("given/deep/text").read(), open("/mnt/shelved").read(), sorted(os.listdir()))
open("made", "w").write("made")
os.makedirs("/mnt/folder")
open("/mnt/folder/made", "wb").write(bytes(range(256)))
os.symlink("nowhere", "dangling")
os.mkfifo("fifo")
with open("large", "wb") as file:
    file.truncate(9 << 20)
sys.exit(int(input()))
"""


@pytest.mark.parametrize("ending", [0, 3])
def test_a_run_is_given_files_and_those_that_it_made_are_fetched(
    pool: JailPool, ending: int
) -> None:
    files = {"given/deep/text": base64.b64encode(b"deep"), "/mnt/shelved": base64.b64encode(b"up")}
    fetch = ("made", "/mnt/folder/made", "absent", "dangling", "fifo", "large", "given", "a\0b")
    given = {path: content.decode() for path, content in files.items()}
    with pool.jail() as jail:
        program = Program(WITH_FILES, files=given, fetch=fetch)
        with jail.load(program, LIMITS) as script:
            results = list(script.run_each([str(ending).encode()] * 2))
        assert jail.reusable
    for result in results[: 2 if ending == 0 else 1]:
        assert (result.exit_code, result.stdout) == (ending, b"deep up ['given']\n")
        found = {path: base64.b64decode(content) for path, content in result.files.items()}
        assert found == {"made": b"made", "/mnt/folder/made": bytes(range(256))}


@pytest.mark.parametrize(
    "reported",
    ["b'[1]'", "b'{\"made\": 7}'", 'b\'{"made": "-"}\'', "b'[' * 9999", "b' ' * (17 << 20)"],
)
def test_what_a_run_says_of_its_files_is_not_believed(pool: JailPool, reported: str) -> None:
    source = (
        "import os\nparent = os.getppid()\n"
        "for name in os.listdir(f'/proc/{parent}/fd')[3:]:\n"
        f"    try: open(f'/proc/{{parent}}/fd/{{name}}', 'wb').write({reported})\n"
        "    except OSError: pass\n"
        "os.kill(parent, 9)\n"
    )
    with pool.jail() as jail:
        with jail.load(Program(source, fetch=("made",)), LIMITS) as script:
            result = script.run(b"")
        assert jail.reusable
    assert (result.status, result.files) == (Status.SIGNALLED, {})


def test_the_ending_of_a_run_whose_files_are_wanted_is_its_own(pool: JailPool) -> None:
    endings = {
        "import os; os.kill(os.getpid(), 11)": (Status.SIGNALLED, 11),
        "while True: pass": (Status.TIME_LIMIT, 9),
        "import time; time.sleep(9)": (Status.TIME_LIMIT, 9),
        "x = bytearray(1 << 30)": (Status.MEMORY_LIMIT, None),
    }
    for source, expected in endings.items():
        limits = SHORT if Status.TIME_LIMIT in expected else LIMITS
        with (
            pool.jail() as jail,
            jail.load(Program(source, fetch=("made",)), limits) as script,
        ):
            result = script.run(b"")
        assert (result.status, result.signal, result.files) == (*expected, {})


def test_sleep_of_little_more_than_its_limit_is_too_long(pool: JailPool) -> None:
    limits = replace(LIMITS, wall_s=0.2)
    with pool.jail() as jail, jail.load(Program("import time; time.sleep(0.3)"), limits) as script:
        assert script.run(b"").status is Status.TIME_LIMIT


WHAT_A_RUN_IS_GIVEN = """
import json, os, resource, signal
names = [name for name in dir(resource) if name.startswith("RLIMIT_") and name != "RLIMIT_AS"]
started_with = open("/proc/self/environ").read().split("\\0")
print(json.dumps({
    "limits": {name: resource.getrlimit(getattr(resource, name)) for name in names},
    "environment": dict(os.environ),
    "of the C library": [one for one in started_with if one.startswith(("MALLOC", "LD_", "LANG"))],
    "signals": [list(signal.pthread_sigmask(0, [])),
                [n for n in signal.valid_signals() if signal.getsignal(n) is signal.SIG_IGN]],
    "mask": os.umask(0),
}, sort_keys=True))
"""


def test_runs_are_given_the_same_in_every_jail(pool: JailPool) -> None:
    """A program that gets by in one must get by in the others, so what it gets is written here."""
    with pool.jail() as jail, jail.load(Program(WHAT_A_RUN_IS_GIVEN), LIMITS) as script:
        given = json.loads(script.run(b"").stdout)
    same = dict.fromkeys(("CPU", "DATA", "RSS"), -1)
    same |= {"FSIZE": 64 * MIB, "CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0, "NPROC": 64, "NOFILE": 256}
    same |= {"STACK": 120 * MIB, "SIGPENDING": 1024, "NICE": 0, "RTPRIO": 0, "RTTIME": -1}
    same["OFILE"] = same["NOFILE"]
    assert given["limits"] == {f"RLIMIT_{name}": [most, most] for name, most in same.items()}
    assert given["environment"] == ENVIRONMENT
    assert sorted(given["of the C library"]) == [
        f"{name}={agent.ENVIRONMENT[name]}" for name in ("LANG", "LD_BIND_NOW", "MALLOC_ARENA_MAX")
    ]
    # The interpreter itself ignores these two.
    assert given["signals"] == [[], [signal.SIGPIPE, signal.SIGXFSZ]]
    assert given["mask"] == 0o077


def test_a_program_that_is_given_up_before_it_is_called_leaves_the_jail_usable(
    pool: JailPool,
) -> None:
    for _ in range(10):
        with pool.jail() as jail, jail.open_calls(Program("def f(): return 1"), "f", LIMITS):
            pass
        with (
            pool.jail() as jail,
            jail.open_calls(Program("def f(): return 1"), "f", LIMITS) as calls,
        ):
            assert calls.call((), {}).value == 1
