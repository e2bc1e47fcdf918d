"""A chunk arrives as it was sent."""

from hypothesis import given
from hypothesis import strategies as st

from verifier.dispatch.chunk import Chunk, decode_chunk, encode_chunk
from verifier.ground_truth import truth_text
from verifier.model import LimitsOverride, Rollout, Run, Task

COMPLETIONS = st.text(st.characters(codec=None), max_size=20) | st.just("\ud83d\ude00")
NAMES = st.text(st.characters(codec="utf-8"), max_size=9) | st.just("\ud800")
LIMITS = st.builds(LimitsOverride, cpu_s=st.none() | st.floats(0.1, 9))
ROLLOUTS = st.builds(
    Rollout,
    completion=COMPLETIONS,
    ground_truth=(NAMES | st.lists(st.integers(), max_size=2)).map(truth_text),
    id=st.none() | NAMES,
    group=st.none() | NAMES,
    truncated=st.booleans(),
    limits=LIMITS,
    unusable=st.none() | NAMES,
)
RUNS = st.builds(
    Run,
    source=COMPLETIONS,
    language=st.just("go"),
    stdin=NAMES,
    limits=LIMITS,
    compile_s=st.none() | st.floats(0, 60),
    files=st.none() | st.dictionaries(NAMES, NAMES),
    fetch=st.none() | st.lists(NAMES),
)


@given(st.lists(st.tuples(ROLLOUTS | RUNS, st.floats(0, 2e9)), max_size=5))
def test_a_chunk_survives_the_way_to_a_worker(content: list[tuple[Task, float]]) -> None:
    tasks = [task for task, _ in content]
    deadlines = [deadline for _, deadline in content]
    chunk = Chunk(
        list(enumerate(tasks, start=7)),
        deadlines,
        deadlines[::-1],
        [{"batch": "x"}] * len(deadlines),
        [""] * len(tasks),
    )
    assert decode_chunk(encode_chunk(chunk)) == chunk
