"""The source of a judging program as it runs."""

from verifier.model import JudgingProgram
from verifier.programs.judges.sources import native_source, python_program


def test_testlib_is_put_in_the_place_where_it_is_asked_for() -> None:
    plain = JudgingProgram("int main() {}", style="testlib", language="cpp")
    assert native_source(plain) == plain.source
    source = 'int a;\n#include "testlib.h"\nint main() {}'
    asking = JudgingProgram(source, style="testlib", language="cpp")
    made = native_source(asking)
    assert '#include "testlib.h"' not in made
    assert made.endswith("#line 3\nint main() {}")


def test_a_program_in_python_is_a_text_behind_the_driver() -> None:
    judge = JudgingProgram("print('1')\n", style="files")
    program = python_program(judge, "files", ["a.txt"])
    assert not program.files
    assert program.source.endswith("judge('files', \"print('1')\\n\", 'a.txt')\n")
