"""What a suite in another language is joined of."""

from __future__ import annotations

from verifier.programs.drivers.suites import of_one_public_type


def test_of_several_public_types_only_the_one_a_file_is_named_for_stays_public() -> None:
    pair = """public final class Pair {
    public static class Inner {}
}
enum Side { A }
public interface Counts {}

public class Counter {
    public int count(Pair pair) { return 1; }
}
"""
    assert of_one_public_type(pair) == pair.replace("public final", "final").replace(
        "public interface", "interface"
    )


def test_a_program_with_one_public_type_stays_as_it_is() -> None:
    source = "class Helper {}\npublic class Main { public static class Node {} }\n"
    assert of_one_public_type(source) == source
