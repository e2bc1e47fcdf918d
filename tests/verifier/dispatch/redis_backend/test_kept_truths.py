"""Ground truths are fetched once, are one object, and are kept within a bound."""

import pytest

from verifier.dispatch.redis_backend import kept_truths
from verifier.dispatch.redis_backend.kept_truths import Gone, KeptTruths
from verifier.model import TruthText


def test_a_truth_is_fetched_once_and_stays_the_same_object() -> None:
    kept = KeptTruths()
    first = kept.get("a", lambda: TruthText('"1"'))
    assert kept.get("a", lambda: pytest.fail("it was there")) is first


def test_the_longest_unused_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_truths, "MAX_CHARS", 10)
    kept = KeptTruths()
    a, _ = kept.get("a", lambda: TruthText("aaaa")), kept.get("b", lambda: TruthText("bbbb"))
    kept.get("a", lambda: None)
    kept.get("c", lambda: TruthText("cccc"))
    assert kept.get("a", lambda: None) is a
    with pytest.raises(Gone, match="no longer in Redis"):
        kept.get("b", lambda: None)
