"""What can be set of a client, and what is refused before anything is sent."""

from collections.abc import Callable
from typing import Any

import pytest

from verifier_client import AsyncClient, Client, Unusable
from verifier_client.settings import (
    DEFAULT_CONNECTIONS,
    DEFAULT_DEADLINE_S,
    DEFAULT_PATIENCE_S,
    DEFAULT_URL,
)

both = pytest.mark.parametrize("make", [Client, AsyncClient])


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "URL",
        "API_KEY",
        "PATIENCE_S",
        "DEADLINE_S",
        "CONNECTIONS",
        "GATHER_MS",
        "UNJUDGED",
    ):
        monkeypatch.delenv(f"VERIFIER_{name}", raising=False)


@both
def test_nothing_need_be_set(make: Callable[..., Any]) -> None:
    found = make().settings
    assert (found.url, found.api_key) == (DEFAULT_URL, None)
    assert (found.patience_s, found.deadline_s) == (DEFAULT_PATIENCE_S, DEFAULT_DEADLINE_S)
    assert found.connections == DEFAULT_CONNECTIONS


@both
def test_the_environment_sets_what_no_argument_does(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFIER_URL", "https://verifier.example/base")
    monkeypatch.setenv("VERIFIER_API_KEY", "secret")
    monkeypatch.setenv("VERIFIER_PATIENCE_S", "7.5")
    monkeypatch.setenv("VERIFIER_DEADLINE_S", "60")
    monkeypatch.setenv("VERIFIER_CONNECTIONS", "3")
    monkeypatch.setenv("VERIFIER_GATHER_MS", "1.5")
    monkeypatch.setenv("VERIFIER_UNJUDGED", "nan")
    found = make().settings
    assert (found.gather_ms, found.unjudged) == (1.5, "nan")
    assert (found.url, found.api_key) == ("https://verifier.example/base", "secret")
    assert (found.patience_s, found.deadline_s, found.connections) == (7.5, 60, 3)
    mine = make("http://mine", api_key="k", patience_s=1, deadline_s=2, connections=4).settings
    assert (mine.url, mine.api_key) == ("http://mine", "k")
    assert (mine.patience_s, mine.deadline_s, mine.connections) == (1, 2, 4)
    assert "secret" not in repr(found)
    assert make(patience_s=0).settings.patience_s == 0


@both
@pytest.mark.parametrize(
    "url",
    [
        "verifier:8000",
        "127.0.0.1:8000",
        "//verifier",
        "http://",
        "http://:8000",
        "ftp://verifier",
        "http://verifier:port",
        "http://verifier:99999",
        "http://verifier:0",
        "http://[::1",
        "http://veri fier",
        "http://verifier\n.example",
        "redis://127.0.0.1",
    ],
)
def test_an_address_that_cannot_work_is_refused_at_once(
    make: Callable[..., Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unusable, match="is no address of a service; give one like http://"):
        make(url)
    monkeypatch.setenv("VERIFIER_URL", url)
    with pytest.raises(Unusable, match="VERIFIER_URL"):
        make()


@both
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATIENCE_S", "soon"),
        ("PATIENCE_S", "-1"),
        ("PATIENCE_S", "nan"),
        ("DEADLINE_S", "-1"),
        ("DEADLINE_S", "inf"),
        ("CONNECTIONS", "0"),
        ("CONNECTIONS", "1.5"),
        ("API_KEY", "two\nlines"),
        ("API_KEY", "schlüssel"),
    ],
)
def test_a_value_that_cannot_work_is_refused_by_its_name(
    make: Callable[..., Any], name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"VERIFIER_{name}", value)
    with pytest.raises(Unusable, match=f"VERIFIER_{name}"):
        make()


@both
def test_every_setting_is_an_argument_too(make: Callable[..., Any]) -> None:
    found = make(gather_ms=0.5, unjudged="zero").settings
    assert (found.gather_ms, found.unjudged) == (0.5, "zero")
    with pytest.raises(Unusable, match="VERIFIER_UNJUDGED"):
        make(unjudged="mean")


def test_a_batch_is_given_in_one_form() -> None:
    with pytest.raises(Unusable, match="either `rollouts` or `groups`"):
        Client().score()
    with pytest.raises(Unusable, match="either `rollouts` or `groups`"):
        Client().score([], groups=[])
