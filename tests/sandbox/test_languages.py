"""What follows from an entry of the table: scaled limits, and the name that a program has."""

import pytest

from sandbox.languages import LANGUAGES
from sandbox.model import Limits


def test_factors_scale_what_they_are_about_and_nothing_else() -> None:
    limits = Limits(cpu_s=2.0, wall_s=3.0, memory_bytes=1000)
    for language in LANGUAGES.values():
        scaled = language.scaled(limits)
        assert scaled.cpu_s == 2.0 * language.cpu_factor
        assert scaled.total_cpu_s == limits.total_cpu_s * language.cpu_factor
        assert scaled.memory_bytes == int(1000 * language.memory_factor)
        assert (scaled.wall_s, scaled.output_bytes) == (limits.wall_s, limits.output_bytes)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("public class Solver { public static void main(String[] a) {} }", "Solver"),
        ("class Helper {}", "Helper"),
        ("", "Main"),
    ],
)
def test_a_java_program_is_called_like_its_class(source: str, name: str) -> None:
    assert LANGUAGES["java"].name_of(source) == name
