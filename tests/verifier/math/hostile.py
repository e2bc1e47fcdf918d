"""Answers and references made to hang, crash or fool a judge: a hundred of them.

Each family is a way that some grader was brought down, in several strengths.
"""

from collections.abc import Iterator


def expressions() -> Iterator[str]:
    """The texts, as they stand inside of a box."""
    yield from _towers()
    yield from _combinatorics()
    yield from _operators()
    yield from _nesting()
    yield from _masses()
    yield from _regex_traps()
    yield from _code()


def _towers() -> Iterator[str]:
    yield "10^{10^{10}}"
    yield "9^{9^{9^{9}}}"
    yield "2^{2^{2^{2^{2^{2}}}}}"
    yield "10^{-10^{10^{10}}}"
    yield "(10^{10^{5}})!"
    yield "{7^{7^{7^7}}} \\bmod 10"
    yield "\\sqrt{10^{10^{100}}}"
    yield "e^{e^{e^{e^{e^{e}}}}}"
    yield "x^{x^{x^{x^{x^{10^{9}}}}}}"
    yield "\\exp(\\exp(\\exp(\\exp(100))))"
    yield "1.000000001^{10^{15}}"
    yield "123456789^{987654321}"
    yield "\\frac{1}{10^{10^{9}}}"
    yield "\\sin(10^{10^{7}})"
    yield "\\log(10^{10^{10^{10}}})"
    yield "0.1^{10^{12}}"
    yield "i^{i^{i^{10^{20}}}}"
    yield "1e999999999"
    yield "1e-99999"
    yield "(-8)^{10^{12}/3}"


def _combinatorics() -> Iterator[str]:
    yield "1000000000!"
    yield "((10!)!)!"
    yield "100000!!!"
    yield "(((3!)!)!)!"
    yield "\\binom{10^{9}}{5 \\cdot 10^{8}}"
    yield "\\binom{10^{100}}{10^{50}}"
    yield "C_{1000000}^{500000}"
    yield "\\frac{1000000!}{999999!}"
    yield "\\gamma(10^{10})"
    yield "\\Gamma(10^{12})"


def _operators() -> Iterator[str]:
    yield "\\sum_{k=1}^{10^{12}} k^{k}"
    yield "\\sum_{k=1}^{\\infty} \\frac{\\sin(k!)}{k^{k^{k}}}"
    yield "\\prod_{k=1}^{10^{9}} \\left(1+\\frac{1}{k}\\right)"
    yield "\\int_{0}^{1} x^{x^{x^{x}}} dx"
    yield "\\int_{0}^{\\infty} \\frac{\\sin^{99}(x) e^{-x^{7}}}{\\ln(1+x^{x})} dx"
    yield "\\int \\int \\int \\frac{e^{xyz}}{\\sin(x^2+y^2+z^2)} dx dy dz"
    yield "\\lim_{n \\to \\infty} \\left(n!\\right)^{n!^{n!}}"
    yield "\\frac{d^{50}}{dx^{50}} \\frac{e^{\\sin x}}{x^{20}+1}"
    yield _determinant(9)
    yield _determinant(14)
    yield f"\\begin{{pmatrix}}{_square(12)}\\end{{pmatrix}}^{{-1}}"
    yield f"\\begin{{pmatrix}}{_square(8)}\\end{{pmatrix}}^{{100}}"
    yield f"\\begin{{pmatrix}}{_square(40)}\\end{{pmatrix}}"


def _square(size: int) -> str:
    rows = (" & ".join(f"x_{{{row}{column}}}" for column in range(size)) for row in range(size))
    return " \\\\ ".join(rows)


def _determinant(size: int) -> str:
    return f"\\begin{{vmatrix}}{_square(size)}\\end{{vmatrix}}"


def _nesting() -> Iterator[str]:
    for depth in (50, 500, 5_000):
        yield "{" * depth + "5" + "}" * depth + "+0"
        yield "(" * depth + "x" + ")" * depth
        yield "\\frac{1}{" * depth + "x" + "}" * depth
        yield "\\sqrt{" * depth + "2" + "}" * depth
        yield "-" * depth + "y"
        yield "|" * depth + "z" + "|" * depth
        yield "f(" * depth + "x" + ")" * depth
        yield "x^{" * depth + "x" + "}" * depth
    yield "{" * 1_000_000 + "}" * 1_000_000
    yield "\\left(" * 100_000
    yield "[" * 200_000
    yield "\\{" * 200_000


def _masses() -> Iterator[str]:
    yield "7" * 1_000_000
    yield "1," * 300_000 + "1"
    yield "x+" * 1_000 + "x"
    yield "x+" * 300_000 + "x"
    yield "+".join(f"x^{{{power}}}" for power in range(600))
    yield "\\cdot".join(f"(x_{{{number}}}+1)" for number in range(200))
    yield "(x+1)^{5000}"
    yield "(a+b+c+d+e+f+g+h)^{60}"
    yield "\\sqrt{2}+" * 400 + "\\sqrt{3}"
    yield ", ".join(str(number) for number in range(900))
    yield "\\{" + ", ".join(f"\\sqrt{{{number}}}" for number in range(300)) + "\\}"
    yield " \\cup ".join(f"({number},{number}.5)" for number in range(300))
    yield "\\pm 1 " * 300
    yield "+".join(f"|x-{number}|" for number in range(300)) + "<5"
    yield "|" * 200 + "x" + "|" * 200 + "<1"
    yield ",".join(f"\\frac{{k}}{{{number}}}" for number in range(2, 60)) + ",k \\in Z"
    yield "10^{300}k, 7^{-300}k, k \\in \\mathbb{Z}"
    yield "+".join(f"C_{number % 9}x^{number}" for number in range(50))
    yield "one hundred and " * 900
    yield "\\text{" + "word " * 100_000 + "}"
    yield "\\sin" * 900 + " x"
    yield "0." + "3" * 500_000
    yield "\\overline{" * 300 + "1" + "}" * 300


def _regex_traps() -> Iterator[str]:
    yield "$" * 100_000
    yield " " * 200_000 + "5 x"
    yield "1 000 " * 50_000
    yield "\\text{" * 30_000
    yield "5" + "\\," * 100_000 + "x"
    yield "a" * 100_000 + "!"
    yield "=" * 50_000
    yield "\\" * 100_001
    yield "\\\\" * 50_000 + "x"
    yield "1.\\overline{" + "1" * 3_000 + "}"
    yield "x_{" * 1_000 + "1" + "}" * 1_000
    yield "\\(" * 50_000
    for part in (
        "1A",
        "1^\\circ 1'",
        "\\mod 2",
        ",k\\in Z",
        "[1,2[\\cup",
        "hours 20 ",
        "base ",
        "A. Ab",
    ):
        yield part * 900
        yield part * 30_000


def _code() -> Iterator[str]:
    yield "__import__('os').system('kill -9 -1')"
    yield "(lambda: 10**10**10)()"
    yield "\\text{__import__}('os').abort()"
    yield "exec('while 1: pass')"
    yield "{0.__class__.__mro__}"
    yield "\\input{/etc/passwd}"
    yield "\\def\\x{\\x\\x}\\x"
    yield "\x00\x01\x02"
    yield "\ud800\udfff"
    yield "\u202e5"
