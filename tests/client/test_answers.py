"""An answer that is not to the request is refused, whatever is wrong with it, by both clients."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from tests.client.conftest import Answer, Asked, ScriptedService, lines, result, scores
from tests.client.test_retry import score, score_async, stream, stream_async
from verifier_client import Mismatched

Start = Callable[..., ScriptedService]
both = pytest.mark.parametrize("ask", [score, score_async])


def results(**changed: Any) -> Answer:
    """The right answer, but for the result of the one rollout."""

    def answer(asked: Asked) -> Response:
        found = {**result(asked["rollouts"][0], 1.0), **changed}
        return scores(1.0, results=[found])(asked)

    return answer


@both
@pytest.mark.parametrize(
    "answer",
    {
        "another batch": scores(1.0, batch_id="other"),
        "no batch": scores(1.0, batch_id=None),
        "no result": scores(1.0, results=[]),
        "no reward": scores(1.0, rewards=[]),
        "two rewards": scores(1.0, rewards=[1.0, 1.0]),
        "a reward that is not the result's": scores(1.0, rewards=[0.0]),
        "no list of rewards": scores(1.0, rewards=1.0),
        "a reward that is no number": scores("1.0"),  # type: ignore[arg-type]
        "a reward that is none of ours": scores(7.0),
        "another id": results(id="other.0"),
        "no id": results(id=None),
        "another group": results(group="other"),
        "a result without a group": scores(1.0, results=[{"id": "x"}]),
        "results that are none": scores(1.0, results=[None]),
        "no object": lambda _: JSONResponse([1.0]),
        "no JSON": lambda _: Response("<html>Sign in</html>"),
    }.values(),
)
def test_an_answer_to_something_else_is_refused(
    ask: Callable[..., Any], scripted: Start, answer: Answer
) -> None:
    service = scripted(answer, scores(1.0))
    with pytest.raises(Mismatched, match="not to this request and was not used") as refused:
        ask(service.url)
    assert "Error" not in str(refused.value)  # nobody is shown what Python raised
    assert ask(service.url).rewards == [1.0]


@both
def test_the_right_answer_is_taken(ask: Callable[..., Any], scripted: Start) -> None:
    assert ask(scripted(results()).url).rewards == [1.0]


def changed_lines(**changed: Any) -> Answer:
    def answer(asked: Asked) -> Response:
        line = {"index": 0, **result(asked["rollouts"][0], 1.0), **changed}
        return Response(json.dumps(line))

    return answer


@pytest.mark.parametrize("ask", [stream, stream_async])
@pytest.mark.parametrize(
    "answer",
    {
        "another id": changed_lines(id="other.0"),
        "another's place": changed_lines(index=1),
        "a place from the end": changed_lines(index=-3),
        "no place": changed_lines(index=3),
        "no number": changed_lines(index="0"),
        "another group": changed_lines(group="other"),
        "no JSON": lambda _: Response("<html>Sign in</html>"),
    }.values(),
)
def test_a_line_about_something_else_is_refused(
    ask: Callable[..., Any], scripted: Start, answer: Answer
) -> None:
    service = scripted(answer, lines(0, 1, 2))
    with pytest.raises(Mismatched, match="not to this request and was not used"):
        ask(service.url)
    assert ask(service.url) == [0, 1, 2]
