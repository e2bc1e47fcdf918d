"""The requests that a math child answers."""

from verifier.math.zygote import answer


def test_a_request_is_a_comparison_or_a_look_at_a_reference() -> None:
    pair = {"reference": "1/2", "answer": "0.5", "values_only": False}
    assert answer(pair) == {"same": True, "how": "symbolic"}
    assert answer({**pair, "answer": "0.6"})["same"] is False
    assert answer({"reference": "5"}) == {"fault": None}
