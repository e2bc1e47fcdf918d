"""Several Go texts as one file."""

from verifier.programs.drivers.go_source import joined


def test_there_is_one_package_and_each_import_that_is_used_once() -> None:
    program = 'package main\nimport (\n\t"fmt"\n\t"os"\n)\nfunc f() { fmt.Println() }'
    test = 'package main\nimport "fmt"\nfunc g() { fmt.Println() }'
    made = joined([program, test])
    assert made.count("package main") == 1
    assert made.count('"fmt"') == 1
    assert '"os"' not in made
    assert "func f()" in made
    assert "func g()" in made
