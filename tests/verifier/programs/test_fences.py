"""The answer or program of a completion is found as docs/extraction.md says."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.ground_truth.fields import TAGS
from verifier.programs.fences import find_program
from verifier_client.final_part import final_part

RULES = Path(__file__).parents[3] / "docs" / "extraction.md"
EXAMPLE = re.compile(
    r"^~~~~~completion(?: (?P<entry_point>\S+))?\n(?P<completion>.*?\n)~~~~~\n"
    r"(?:~~~~~(?P<kind>final|program)\n(?P<found>.*?\n)~~~~~$|Nothing\.$)",
    re.MULTILINE | re.DOTALL,
)
FENCE_PIECES = st.sampled_from(
    [
        "```",
        "~~~",
        "````",
        "python",
        "Py",
        "\n",
        "\r\n",
        " ",
        ">",
        "- ",
        "1. ",
        "'''",
        '"""',
        "'",
        '"',
        "\\",
        "#",
        "`",
        "x = 1",
        "print(1)",
        "{.python}",
        "<think>",
        "</think>",
        "\t",
        "é",
        "\x00",
    ]
)


def program(
    completion: str, entry_point: str | None = None, *, truncated: bool = False
) -> str | None:
    final = final_part(completion)
    if final is None:
        return None
    found = find_program(final, TAGS["python"], entry_point=entry_point, truncated=truncated)
    return None if found is None else found.source


def section(title: str) -> str:
    return RULES.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def examples(title: str) -> list[re.Match[str]]:
    found = list(EXAMPLE.finditer(section(title)))
    assert len(found) == section(title).count("~~~~~completion"), "an example is not well formed"
    return found


@pytest.mark.parametrize("example", examples("Final part"))
def test_final_parts_in_the_documentation_are_found_so(example: re.Match[str]) -> None:
    assert final_part(example["completion"]) == example["found"]


@pytest.mark.parametrize("example", examples("Program"))
def test_programs_in_the_documentation_are_found_so(example: re.Match[str]) -> None:
    assert program(example["completion"], example["entry_point"]) == example["found"]


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "python",
        "Python",
        "PYTHON3",
        "py",
        "{.python}",
        "{python}",
        "{ .python .numberLines }",
        "python title=x",
        'python title="a.py"',
        "python:a.py",
        "python,ignore",
        " python ",
    ],
)
def test_these_tags_name_python(tag: str) -> None:
    assert program(f"```{tag}\nprint(1)\n```\n") == "print(1)\n"


@pytest.mark.parametrize("tag", ["cpp", "c++", "java", "pycon", "pythonic", "output", "bash"])
def test_these_tags_name_something_else(tag: str) -> None:
    assert program(f"```{tag}\nprint(1)\n```\n") is None


@pytest.mark.parametrize(
    ("completion", "expected"),
    {
        "carriage returns": ("```python\r\nprint(1)\r\n```\r\n", "print(1)\n"),
        "white space behind the fences": ("```python  \nprint(1)\n```   \n", "print(1)\n"),
        "white space at the end of a line of a string": (
            "```python\nx = '''a  \nb'''\n```",
            "x = '''a  \nb'''\n",
        ),
        "no newline at the end": ("```python\nprint(1)\n```", "print(1)\n"),
        "a closing fence indented deeper than its block": (
            "```python\nprint(1)\n    ```",
            "print(1)\n",
        ),
        "a longer closing fence": ("```python\nprint(1)\n`````", "print(1)\n"),
        "tildes": ("~~~python\nprint('```')\n~~~", "print('```')\n"),
        "backticks inside tildes": ("~~~python\ns = '''\n```\n'''\n~~~", "s = '''\n```\n'''\n"),
        "a fence in the first line of a list": ("- ```py\n  print(1)\n  ```", "print(1)\n"),
        "a tab before the fence": ("\t```py\n\tif 1:\n\t\tprint(1)\n\t```", "if 1:\n\tprint(1)\n"),
        "code left of its fence": ("  ```py\nif 1:\n  print(1)\n  ```", "if 1:\nprint(1)\n"),
        "a quotation without spaces": (
            ">```py\n>if 1:\n>    print(1)\n>```",
            "if 1:\n    print(1)\n",
        ),
        "a quotation in a quotation": ("> > ```py\n> > print(1)\n> > ```", "print(1)\n"),
        "three backticks in a comment": ("```py\nx = 1  # ```\n```", "x = 1  # ```\n"),
        "a string of three backticks": ("```py\nx = '```'\n```", "x = '```'\n"),
        "an apostrophe in a comment": (
            "```py\nx = 1  # don't '''\n```\nprose",
            "x = 1  # don't '''\n",
        ),
        "triple quotes in a string": ("```py\nx = \"'''\"\n```\nprose", "x = \"'''\"\n"),
        "an escaped quote before a fence": (
            '```py\nx = """\\"""\n```\n"""\nprint(x)\n```',
            'x = """\\"""\n```\n"""\nprint(x)\n',
        ),
        "a string that never ends": ('```py\nx = """\n```\nprose', 'x = """\n'),
        "inline code is no block": ("Use ```print(1)``` here: `f`", "Use ```print(1)``` here: `f`"),
        "an earlier block where the last is of another language": (
            "```py\nprint(1)\n```\n```json\n{}\n```",
            "print(1)\n",
        ),
        "the last of two untagged blocks without statements": ("```\n1\n```\n```\n2\n```", "2\n"),
        "an untagged program before its output": ("```\nprint(1)\n```\n```\n1\n```", "print(1)\n"),
        "a block before the answer tag": (
            "<answer>\n```py\nprint(1)\n```\n</answer>",
            "print(1)\n",
        ),
        "a block of the thinking does not count": ("```py\nprint(1)\n```\n</think>It's", "It's"),
        "two ends of thinking": ("</think>```py\n1\n```\n</think>\n```py\n2\n```", "2\n"),
        "a program of the body of a function": ("    return x\n", "    return x\n"),
        "an empty block after a program": ("```py\nprint(1)\n```\n```\n```", "print(1)\n"),
        "nothing": ("", None),
        "white space": (" \n\t", None),
        "an opening fence alone": ("```", None),
        "the opening fence only": ("```python", None),
        "thinking that begins again": ("</think>```py\n1\n```<think>", None),
    }.values(),
)
def test_odd_completions_hand_in_what_a_reader_would_take(
    completion: str, expected: str | None
) -> None:
    assert program(completion) == expected


CHOSEN = {
    "an earlier attempt is not joined": (
        "```py\ndef f(x):\n    return 1\n```\n```py\ndef f(x):\n    return x\n```",
        "f",
        "def f(x):\n    return x\n",
    ),
    "what a helper needs is joined as well": (
        (
            "```py\nimport math as m\n```\n```py\ndef g(x):\n    return m.floor(x)\n```\n"
            "```py\ndef f(x):\n    return g(x)\n```"
        ),
        "f",
        "import math as m\ndef g(x):\n    return m.floor(x)\ndef f(x):\n    return g(x)\n",
    ),
    "a block that does something is not": (
        "```py\nx = 1\nprint(x)\n```\n```py\ndef f():\n    return x\n```",
        "f",
        "def f():\n    return x\n",
    ),
    "a method of a solution": (
        (
            "```py\nclass Solution:\n    def f(self, x):\n        return x\n```\n"
            "```py\nprint(Solution().f(1))\n```"
        ),
        "Solution().f",
        "class Solution:\n    def f(self, x):\n        return x\n",
    ),
    "a method where a function is asked for": (
        "```py\nclass Solution:\n    def f(self, x):\n        return x\n```\n```py\nf(1)\n```",
        "f",
        "class Solution:\n    def f(self, x):\n        return x\n",
    ),
    "a lambda": ("```py\nf = lambda x: x\n```\n```py\nprint(f(1))\n```", "f", "f = lambda x: x\n"),
    "no definition anywhere": ("```py\n    return x\n```\n", "f", "    return x\n"),
    "a call is no definition": ("```py\nf(1)\n```\n```py\ng(1)\n```", "f", "g(1)\n"),
    "a comparison is no definition": ("```py\nf == 1\n```\n```py\ng(1)\n```", "f", "g(1)\n"),
    "an answer without fences": ("It is\n<answer>\ndef f(): 1\n</answer>", "f", "\ndef f(): 1\n"),
    "an answer in prose": (
        "```py\ndef f(): 1\n```\n<answer>see above</answer>",
        "f",
        "def f(): 1\n",
    ),
    "a program that needs the block before it": (
        "```py\nimport sys\n```\n```py\nn = int(sys.stdin.readline())\n```",
        None,
        "import sys\nn = int(sys.stdin.readline())\n",
    ),
    "a test of the program is none": (
        "```py\nprint(input())\n```\n```py\nsubprocess.run(['a.py'], input=b'2')\n```",
        None,
        "print(input())\n",
    ),
    "closed by a tagged fence": ("```py\nprint(1)\n```py\n \n", None, "print(1)\n"),
    "an open block without a tag": ("```\nprint(1)\n", None, "print(1)\n\n"),
    "an open block of something else": ("```\n1 2\n", None, None),
    "everything of a module": (
        "```py\nfrom typing import *\n```\n```py\ndef f(x: List): ...\n```",
        "f",
        "from typing import *\ndef f(x: List): ...\n",
    ),
    "a signature with its description": (
        '```py\ndef f(): 1\n```\n```py\ndef f():\n    """It."""\n    ...\n```',
        "f",
        "def f(): 1\n",
    ),
    "a byte order mark": ("\ufeff```py\nprint(1)\n```", None, "print(1)\n"),
    "a fence in the middle of a sentence": (
        "Say ```python\nprint(1)\n",
        None,
        "Say ```python\nprint(1)\n",
    ),
    "other answer tags": ("Well:\n[PYTHON]\ndef f(): 1\n[/PYTHON]", "f", "\ndef f(): 1\n"),
    "ipython": ("```ipython\nprint(1)\n```", None, "print(1)\n"),
    "a token behind the fence": ("```py\nprint(1)\n```<|eot_id|> and so on", None, "print(1)\n"),
}


@pytest.mark.parametrize(("completion", "entry_point", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_of_several_blocks_the_one_that_is_meant(
    completion: str, entry_point: str | None, expected: str | None
) -> None:
    assert program(completion, entry_point) == expected


def test_a_block_that_a_length_limit_cut_off_is_no_program() -> None:
    completion = "```python\nprint(1)\n"
    assert program(completion) == "print(1)\n\n"
    assert program(completion, truncated=True) is None


def test_programs_of_other_languages_are_told_from_their_output_too() -> None:
    program = '#include <cstdio>\nint main() {\n  puts("42");\n}\n'
    for tag in ("cpp", "C++", ""):
        completion = f"```{tag}\n{program}```\nIt prints\n```\n42\n```\n"
        found = find_program(completion, {"cpp", "c++"})
        assert found is not None
        assert found.source == program


def test_only_a_completion_without_fences_is_unfenced() -> None:
    for completion, fenced in (("print(1)", False), ("```\nprint(1)\n```", True)):
        found = find_program(completion, TAGS["python"])
        assert found is not None
        assert found.fenced is fenced


@given(st.one_of(st.text(), st.lists(FENCE_PIECES).map("".join)))
def test_nothing_that_a_policy_writes_raises(completion: str) -> None:
    final = final_part(completion)
    if final is not None:
        assert "<think>" not in final
        find_program(final, TAGS["python"])


@given(
    source=st.lists(
        st.sampled_from(["x = 1", "if x:", "    y = '#'", "", "s = '''a'''"]), min_size=1
    ),
    mark=st.sampled_from(["```", "~~~", "`````"]),
    tag=st.sampled_from(["python", "", "PY"]),
    before=st.sampled_from(["", "Some `code`.\n", "```json\n{}\n```\n", "```py\nprint(0)\n```\n"]),
    after=st.sampled_from(["", "\nDone.", "\n```\n42\n```", "\n```py\ncut of"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_a_program_comes_out_as_it_went_in(
    source: list[str], mark: str, tag: str, before: str, after: str, newline: str
) -> None:
    text = "\n".join([*source, "z = 0"])
    completion = f"{before}{mark}{tag}\n{text}\n{mark}{after}".replace("\n", newline)
    assert program(completion) == text + "\n"


@pytest.mark.timeout(300)  # in quadratic time these take many minutes
@pytest.mark.parametrize(
    "piece",
    [
        "```",
        "```python\n",
        "```\n",
        "`",
        "```x",
        "``` ",
        "> ",
        ">",
        "~~~\n```\n",
        "'",
        "\\'",
        "'''\n",
        "```py\n'''\n",
        "```py\n'''\n```\n",
        "a ```\n",
        "- ",
        "1. ```py\n",
        "#'\"",
        "<think>",
        "a =",
        "</think>",
        "> ```py\n",
        "x, ",
        "; ",
        ";\t) {",
        "{",
        "\t",
        "```py\nx```\n",
        ": ...",
        "x: ```py\n",
        "<code>",
        "```py\n\n\n",
        "```py\ninput()\n```\n",
        "```py\nfrom x import *\n```\n",
    ],
)
def test_a_lot_of_anything_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for completion in (text, f"```py\n{text}", f"```py\n{text}\n```", f"{text}`", f"```{text}`"):
        program(completion)
