"""Counts are added up under their labels, and handed out once."""

from sandbox.counting import count, news, observe


def test_counts_and_times_are_told_once() -> None:
    news()  # what other tests of this process counted
    count("jails", "local")
    count("jails", "local", by=2)
    observe("run_seconds", "code", seconds=0.02)
    observe("run_seconds", "code", seconds=5000)
    assert news() == {
        "jails|local": 3,
        "run_seconds|code|0.03": 1,
        "run_seconds|code|+Inf": 1,
        "run_seconds|code|sum": 5000.02,
    }
    assert news() == {}
