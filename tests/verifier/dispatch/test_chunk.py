"""A chunk arrives as it was sent."""

from hypothesis import given
from hypothesis import strategies as st

from verifier.dispatch.chunk import Chunk, decode_chunk, encode_chunk
from verifier.ground_truth import truth_text
from verifier.model import BareRun, LimitsOverride, Rollout

COMPLETIONS = st.text(st.characters(codec=None), max_size=20) | st.just("\ud83d\ude00")
NAMES = st.text(st.characters(codec="utf-8"), max_size=9) | st.just("\ud800")
ROLLOUTS = st.builds(
    Rollout,
    completion=COMPLETIONS,
    ground_truth=(NAMES | st.lists(st.integers(), max_size=2)).map(truth_text),
    id=st.none() | NAMES,
    group=st.none() | NAMES,
    truncated=st.booleans(),
    limits=st.builds(LimitsOverride, cpu_s=st.none() | st.floats(0.1, 9)),
    unusable=st.none() | NAMES,
    run=st.none()
    | st.builds(
        BareRun,
        st.just("go"),
        NAMES,
        st.none() | st.floats(0, 60),
        st.none() | st.dictionaries(NAMES, NAMES),
        st.none() | st.lists(NAMES),
    ),
)


@given(st.lists(st.tuples(ROLLOUTS, st.floats(0, 2e9)), max_size=5))
def test_a_chunk_survives_the_way_to_a_worker(content: list[tuple[Rollout, float]]) -> None:
    rollouts = [rollout for rollout, _ in content]
    deadlines = [deadline for _, deadline in content]
    chunk = Chunk(
        list(enumerate(rollouts, start=7)),
        deadlines,
        deadlines[::-1],
        [{"batch": "x"}] * len(deadlines),
        [rollout.owner for rollout in rollouts],
    )
    assert decode_chunk(encode_chunk(chunk)) == chunk
