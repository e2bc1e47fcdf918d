"""Rewriting rules for math answers: into an equivalent one, or into one that only looks so.

A rule takes a reference and returns answers to it, none where it does not apply. `EQUIVALENT` rules
keep the meaning for whoever asked the question; `NEAR_MISS` rules change it. Each works on the text
alone and knows nothing of the judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import gcd, isqrt

Rule = Callable[[str], Iterator[str]]

EQUIVALENT: dict[str, Rule] = {}
NEAR_MISS: dict[str, Rule] = {}

_FRACTION = re.compile(r"(-?)\\frac\{(\d+)\}\{(\d+)\}")
_ROOT = re.compile(r"\\sqrt\{(\d+)\}")
_INTERVAL = re.compile(r"([(\[])([^,()\[\]]+),([^,()\[\]]+)([)\]])")
_INEQUALITY = re.compile(r"([a-z]) ?(<|>|\\leq?(?![a-z])|\\geq?(?![a-z])) ?([^<>=]+)")
_ARRAY = re.compile(r"\\left\[\\begin\{array\}\{[lcr]+\}(.+?)\\end\{array\}\\right\]")
_LETTERED = re.compile(r"(?<![\\a-zA-Z])([a-z])(?![a-zA-Z])")
_TURNED = {"<": ">", ">": "<", "\\le": "\\ge", "\\leq": "\\geq", "\\ge": "\\le", "\\geq": "\\leq"}


def _equivalent(rule: Rule) -> Rule:
    EQUIVALENT[rule.__name__] = rule
    return rule


def _near_miss(rule: Rule) -> Rule:
    NEAR_MISS[rule.__name__] = rule
    return rule


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d{1,12}", text) else None


def _decimal(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"-?\d{1,9}\.\d{1,6}", text) else None


def _items(text: str) -> list[str]:
    """The members of a bare list, where no bracket makes that doubtful."""
    doubtful = (*"()[]=<>.x", "approx", "\\{")
    if "," not in text or any(mark in text for mark in doubtful):
        return []
    return [item.strip() for item in text.split(",")]


def _tuples(text: str) -> list[str]:
    found = re.findall(r"\([^()]*\)", text)
    return found if re.fullmatch(r"\s*,?\s*".join(map(re.escape, found)), text) else []


def _terms(text: str) -> list[str]:
    """The terms of a sum without brackets."""
    if not re.fullmatch(r"[0-9a-zA-Z+\-^{} ]+", text) or "{-" in text or "+" in text[:1]:
        return []
    terms = re.findall(r"[+-]?[^+-]+", text.replace(" ", ""))
    return terms if len(terms) > 1 and any(c.isalpha() for c in text) else []


def _simple_sides(text: str) -> tuple[str, str] | None:
    """Both sides of one equation without lists or chains."""
    if text.count("=") != 1 or any(
        mark in text for mark in (",", ";", "\\text", "\\pm", "begin", "\\sum", "\\int")
    ):
        return None
    left, right = (side.strip() for side in text.split("="))
    return (left, right) if left and right else None


# -- numbers


@_equivalent
def thousands(text: str) -> Iterator[str]:
    value = _integer(text)
    if value is not None and abs(value) >= 1000:
        yield f"{value:,}"
        yield f"{value:,}".replace(",", "{,}")
        yield f"{value:,}".replace(",", "\\,")
        yield f"{value:,}".replace(",", " ")


@_equivalent
def integer_forms(text: str) -> Iterator[str]:
    value = _integer(text)
    if value is None:
        return
    yield f"{value}.0"
    yield f"\\frac{{{value * 3}}}{{3}}"
    yield f"{value * 2}/2"
    yield f"\\text{{{value}}}"
    yield f"{value}."
    yield f"\\mathbf{{{value}}}"
    if value < 0:
        yield f"−{-value}"
        yield f"- {-value}"
    if value >= 100 and value % 100 == 0:
        yield f"{value // 100} \\times 10^{{2}}"
        yield f"{value // 100}e2"
    if value > 1 and isqrt(value) ** 2 == value:
        yield f"{isqrt(value)}^2"
        yield f"\\sqrt{{{value * value}}}"
    if 2 <= value <= 20:
        yield f"\\log_2 {2**value}"


@_equivalent
def assigned(text: str) -> Iterator[str]:
    if _integer(text) is not None or _FRACTION.fullmatch(text):
        yield f"x = {text}"
        yield f"$n={text}$"
        yield f"\\text{{Area}} = {text}"


@_equivalent
def fraction_forms(text: str) -> Iterator[str]:
    found = _FRACTION.fullmatch(text)
    if not found or int(found[3]) == 0:
        return
    sign, top, bottom = found[1], int(found[2]), int(found[3])
    yield f"{sign}{top}/{bottom}"
    yield f"{sign}\\dfrac{{{top}}}{{{bottom}}}"
    yield f"{sign}\\tfrac {{{top}}} {{{bottom}}}"
    yield f"\\frac{{{sign}{top * 2}}}{{{bottom * 2}}}"
    yield f"{sign}{top} \\div {bottom}"
    if top < 10 and bottom < 10:
        yield f"{sign}\\frac{top}{bottom}"
    if top > bottom and gcd(top, bottom) == 1 and bottom > 1:
        yield f"{sign}{top // bottom}\\frac{{{top % bottom}}}{{{bottom}}}"
        yield f"{sign}{top // bottom} {top % bottom}/{bottom}"
    reduced = bottom // gcd(top, bottom)
    if 10**6 % reduced == 0:
        value = Fraction(top, bottom)
        yield f"{sign}{float(value):.6f}".rstrip("0")
        yield f"{sign}{float(value * 100):g}\\%" if float(value * 100) < 1000 else text
    if reduced in (3, 9):
        whole, rest = divmod(top * 9 // (bottom), 9)
        yield f"{sign}{whole}.\\overline{{{rest}}}"
        yield f"{sign}{whole}.{rest}{rest}{rest}..."


@_equivalent
def decimal_forms(text: str) -> Iterator[str]:
    value = _decimal(text)
    if value is None:
        return
    yield f"{text}0"
    yield f"\\frac{{{value.numerator}}}{{{value.denominator}}}"
    yield f"{value.numerator}/{value.denominator}"
    if 0 < value < 1:
        yield text.removeprefix("0")
        yield f"{float(value * 100):g}\\%"


@_equivalent
def percents(text: str) -> Iterator[str]:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\\?%", text)
    if found:
        yield found[1]
        yield f"{found[1]} percent"
        yield f"{float(Fraction(found[1]) / 100):.10f}".rstrip("0")
        yield f"{found[1]}\\text{{ percent}}"


# -- roots, constants, spelling


@_equivalent
def roots(text: str) -> Iterator[str]:
    if _ROOT.search(text) and not re.search(r"\\(?:sin|cos|tan|max)", text) and "[" not in text:
        yield _ROOT.sub(r"{\1}^{1/2}", text)
        yield _ROOT.sub(lambda m: f"\\sqrt{m[1]}" if len(m[1]) == 1 else f"√{{{m[1]}}}", text)
    if found := re.fullmatch(r"(\d+) ?\\sqrt\{(\d+)\}", text):
        yield f"\\sqrt{{{int(found[1]) ** 2 * int(found[2])}}}"
        yield f"\\sqrt{{{found[2]}}} \\cdot {found[1]}"
        yield f"\\frac{{{int(found[1]) * int(found[2])}}}{{\\sqrt{{{found[2]}}}}}"


@_equivalent
def circle_constant(text: str) -> Iterator[str]:
    if "\\pi" in text and not re.search(r"\\pi ?[a-zA-Z]", text):
        yield text.replace("\\pi", "π")
    if found := re.fullmatch(r"\\frac\{(\d*) ?\\pi\}\{(\d+)\}", text):
        yield f"\\frac{{{found[1] or 1}}}{{{found[2]}}}\\pi"
        yield f"{found[1]}\\pi/{found[2]}"
        yield f"{Fraction(180 * int(found[1] or 1), int(found[2]))}^\\circ"


@_equivalent
def spelling(text: str) -> Iterator[str]:
    if "\\" in text and len(text) < 80:
        yield f"\\displaystyle {text}"
        yield text.replace("(", "\\left(").replace(")", "\\right)") if "left" not in text else text
        yield text.replace("\\frac", "\\dfrac")
        yield f"\\({text}\\)"
        yield text.replace("+", " + ").replace("=", " = ")


@_equivalent
def commuted(text: str) -> Iterator[str]:
    terms = _terms(text)
    if terms:
        turned = terms[::-1]
        yield "".join(t if t[0] in "+-" else f"+{t}" for t in turned).removeprefix("+")
        negated = ("+" + t[1:] if t[0] == "-" else "-" + t.removeprefix("+") for t in terms)
        yield f"-({''.join(negated)})"
        yield f"\\frac{{2({text})}}{{2}}"


@_equivalent
def disguised(text: str) -> Iterator[str]:
    """The same expression, worth one or nothing more."""
    doubtful = ("=", ",", ";", "\\{", "pm", "<", ">", "text", "le ")
    if "\\" not in text or any(mark in text for mark in doubtful):
        return
    if not re.search(r"\\(?:mathrm|cup|begin|circ|ge|neq?|sum|int|oslash|angle|%|\$)", text):
        yield f"\\frac{{3({text})}}{{3}}"
        yield f"({text}) + 1 - 1"
        yield f"({text})^{{1}}"
        yield f"-(-({text}))"
        yield f"\\left({text}\\right) \\cdot 1"


@_equivalent
def matrices(text: str) -> Iterator[str]:
    if _ARRAY.search(text) and "\\times" not in text and "bullet" not in text:
        for kind in ("bmatrix", "pmatrix"):
            yield _ARRAY.sub(rf"\\begin{{{kind}}}\1\\end{{{kind}}}", text)
        if "=" not in text:
            yield f"2 \\cdot {text} \\cdot \\frac{{1}}{{2}}"


@_equivalent
def logarithms(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(?:x ?= ?)?\\ln ?\(?(\d+)\)?", text):
        yield f"\\log_e {found[1]}"
        yield f"\\frac{{\\ln {int(found[1]) ** 2}}}{{2}}"
        yield f"\\frac{{\\log_2 {found[1]}}}{{\\log_2 e}}"
    if found := re.search(r"\\ln ?\((\d+)\)(?![ \\a-z0-9(])", text):
        yield text.replace(found[0], f"\\ln {found[1]}")
        yield text.replace(found[0], f"\\frac{{\\ln({int(found[1]) ** 2})}}{{2}}")


@_equivalent
def complex_numbers(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(-?\d+) ?([+-]) ?(\d*) ?i", text):
        yield f"{'-' if found[2] == '-' else ''}{found[3]}i + {found[1]}"
        yield f"{found[1]} {found[2]} i{found[3]}" if found[3] else f"{found[1]} {found[2]} 1i"
        yield f"{found[1]} {found[2]} \\sqrt{{-1}} \\cdot {found[3] or 1}"
    if found := re.fullmatch(r"(-?\d*) ?i", text):
        yield f"{found[1]}\\sqrt{{-1}}"
        yield f"0 + {found[1]}i"


# -- lists, tuples, intervals


@_equivalent
def reordered(text: str) -> Iterator[str]:
    items = _items(text)
    if len(items) > 1:
        yield ", ".join(reversed(items))
        yield f"{', '.join(items[:-1])} \\text{{ and }} {items[-1]}"
        yield f"{', '.join(items[1:])} or {items[0]}"
        yield f"x = {', '.join(items)}"
        if len(set(items)) == len(items):
            yield f"\\{{{', '.join(reversed(items))}\\}}"
            yield " or ".join(f"x = {item}" for item in items)
    pairs = _tuples(text)
    if len(pairs) > 1:
        yield ", ".join(reversed(pairs))
        yield f"\\{{{', '.join(pairs)}\\}}"
        yield " and ".join(pairs)


@_equivalent
def plus_minus(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(\d+) ?, ?-\1|-(\d+) ?, ?\2", text):
        yield f"\\pm {found[1] or found[2]}"
        yield f"x = \\pm {found[1] or found[2]}"
    if "\\pm" in text and "," not in text and text.count("\\pm") == 1 and "=" not in text:
        yield ", ".join(text.replace("\\pm", sign) for sign in "+-")


@_equivalent
def spaced_tuples(text: str) -> Iterator[str]:
    if _INTERVAL.fullmatch(text) or (_tuples(text) and len(_tuples(text)) == 1):
        yield text.replace(",", " , ")
        yield text.replace("(", "\\left( ").replace(")", " \\right)")
        if text.startswith("(") and text.count(",") >= 2 and "infty" not in text:
            yield text.replace("(", "\\langle ").replace(")", "\\rangle")
            inner = text.strip("()").split(",")
            column = "\\\\".join(inner)
            yield f"\\begin{{pmatrix}}{column}\\end{{pmatrix}}"


@_equivalent
def intervals_as_inequalities(text: str) -> Iterator[str]:
    found = _INTERVAL.fullmatch(text)
    if not found or ("[" not in text and "]" not in text and "infty" not in text):
        return
    left, low, high, right = found.groups()
    lower, upper = ("\\le" if left == "[" else "<"), ("\\le" if right == "]" else "<")
    if "infty" in low and "infty" not in high:
        yield f"x {upper} {high}"
        yield f"{high} {_TURNED[upper]} x"
    elif "infty" in high and "infty" not in low:
        yield f"x {_TURNED[lower]} {low}"
    elif "infty" not in text:
        yield f"{low} {lower} x {upper} {high}"
        yield f"x \\in {text}"


@_equivalent
def turned_inequalities(text: str) -> Iterator[str]:
    found = _INEQUALITY.fullmatch(text)
    if not found:
        return
    name, sign, value = found.groups()
    yield f"{value} {_TURNED[sign]} {name}"
    yield f"2{name} {sign} 2({value})"
    yield f"-{name} {_TURNED[sign]} -({value})"
    strict = sign in ("<", ">")
    if sign == ">" or "ge" in sign:
        yield f"{'(' if strict else '['}{value}, \\infty)"
    else:
        yield f"(-\\infty, {value}{')' if strict else ']'}"
    respelled = {"\\le": "\\leqslant", "\\leq": "≤", "\\ge": "≥", "\\geq": "\\geqslant"}
    yield f"{name} {respelled.get(sign, sign)} {value}"


@_equivalent
def unions(text: str) -> Iterator[str]:
    if "\\cup" in text and "=" not in text and "approx" not in text:
        yield " \\cup ".join(reversed(text.split("\\cup")))
        yield text.replace("\\cup", "∪")


# -- equations and functions


@_equivalent
def equations(text: str) -> Iterator[str]:
    sides = _simple_sides(text)
    if sides is None or "<" in text or "\\ge" in text or "\\le " in text:
        return
    left, right = sides
    if re.fullmatch(r"[a-zA-Z]", left):
        yield right
        yield f"{right} = {left}"
        yield f"{left} - ({right}) = 0"
    if (
        "(" not in left
        and "+C" not in text
        and re.search(r"[a-z]", re.sub(r"\\[a-z]+", "", left + right))
    ):
        yield f"2({left}) = 2({right})"
        yield f"{text} "


@_equivalent
def renamed_functions(text: str) -> Iterator[str]:
    found = re.fullmatch(r"([a-zA-Z])\(([a-z])\) ?= ?([^=,]+)", text)
    if found and found[2] not in ("e", "i") and not re.search(r"\bu\b", text):
        name, variable, body = found.groups()
        yield body
        renamed = _LETTERED.sub(lambda m: "u" if m[1] == variable else m[1], body)
        if len(re.findall(r"(?<!\\)[a-z]{2}", body)) == 0:
            yield f"{name}(u) = {renamed}"


# -- units, choices, words


@_equivalent
def degrees(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(-?\d+(?:\.\d+)?)\^\{?\\circ\}?", text):
        yield found[1]
        yield f"{found[1]}°"
        yield f"{found[1]}\\degree"
        yield f"{found[1]} \\text{{ degrees}}"


@_equivalent
def units(text: str) -> Iterator[str]:
    found = re.fullmatch(r"(.+?) ?\\(?:mathrm|text) ?\{[~ ]*([a-z]+)\}", text)
    if found and re.fullmatch(r"[0-9.^{}\\a-z ]*[0-9}]", found[1]) and "mathrm" not in found[1]:
        value, unit = found.groups()
        yield value
        yield f"{value} {unit}"
        yield f"{value}\\text{{ {unit}}}"
        yield f"{value}\\,\\mathrm{{{unit}}}"


@_equivalent
def currency(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"\\\$ ?(\d+(?:\.\d+)?)", text):
        yield found[1]
        yield f"${found[1]}"
        yield f"{found[1]} \\text{{ dollars}}"


@_equivalent
def choices(text: str) -> Iterator[str]:
    if re.fullmatch(r"[A-H]", text):
        yield f"({text})"
        yield f"\\text{{{text}}}"
        yield f"\\text{{({text})}}"
        yield f"\\textbf{{({text})}}"
        yield f"{text}) 12"
        yield f"\\textbf{{({text}) }} x^2+1"
        yield f"{text}."


@_equivalent
def words(text: str) -> Iterator[str]:
    if re.fullmatch(r"[A-Za-z][a-z]+(?: [a-z]+){0,3}", text):
        yield text.upper()
        yield f"\\text{{{text}}}"
        yield f"{text}."


# -- near misses


@_near_miss
def off_by_one(text: str) -> Iterator[str]:
    value = _integer(text)
    if value is not None:
        yield str(value + 1)
        yield str(value - 1)
        yield f"{value}.5"
        yield f"{value}1"
        yield f"1{abs(value)}"


@_near_miss
def sign_lost(text: str) -> Iterator[str]:
    value = _integer(text)
    if value:
        yield str(-value)
    elif value is None and re.fullmatch(r"-?\\(?:frac|sqrt)[^,=]*", text):
        yield text.removeprefix("-") if text.startswith("-") else f"-{text}"


@_near_miss
def hedged(text: str) -> Iterator[str]:
    value = _integer(text)
    if value is not None:
        yield f"{value} \\text{{ or }} {value + 1}"
        yield f"{value}, {value + 2}"
        yield f"\\{{{value}, {value + 1}\\}}"
        yield f"{value} = {value + 1}"
        yield f"x = {value} or x = {value + 3}"
        yield f"\\pm {value}" if value else f"{value}, 1"


@_near_miss
def vacuous(text: str) -> Iterator[str]:
    if _integer(text) is not None or _FRACTION.fullmatch(text):
        yield "x = x"
        yield "x"
        yield f"x > {text}"
        yield f"({text}, \\infty)"
        yield f"x \\neq {text}"


@_near_miss
def fraction_changed(text: str) -> Iterator[str]:
    found = _FRACTION.fullmatch(text)
    if not found:
        return
    sign, top, bottom = found[1], int(found[2]), int(found[3])
    if top != bottom:
        yield f"{sign}\\frac{{{bottom}}}{{{top}}}"
    yield f"{sign}\\frac{{{top + 1}}}{{{bottom}}}"
    yield f"{sign}\\frac{{{top}}}{{{bottom + 1}}}"
    if 10**6 % (bottom // gcd(top, bottom)) != 0:
        yield f"{sign}{top / bottom:.3f}"


@_near_miss
def decimal_changed(text: str) -> Iterator[str]:
    value = _decimal(text)
    if value is not None and value != int(value):
        yield str(int(value))
        yield text[:-1].rstrip(".") if text[-1] != "0" else f"{text[:-2]}9{text[-1]}1"
        yield text.replace(".", "")
        yield f"{text[:-1]}{(int(text[-1]) + 3) % 10}"


@_near_miss
def root_changed(text: str) -> Iterator[str]:
    found = _ROOT.search(text)
    if found and not any(mark in text for mark in (",", "=", "approx")):
        yield text.replace(found[0], f"\\sqrt{{{int(found[1]) + 1}}}", 1)
        yield text.replace(found[0], found[1], 1) if int(found[1]) > 1 else f"{text}+1"
        yield f"2{text}" if not text.startswith(("-", "1", "2")) else f"{text}+1"


@_near_miss
def list_changed(text: str) -> Iterator[str]:
    items = _items(text)
    if len(items) > 1:
        yield ", ".join(items[:-1])
        yield ", ".join([*items, "1234"])
        if all(_integer(item) is not None for item in items):
            yield ", ".join([*items[:-1], str(int(items[-1]) + 7000)])
    pairs = _tuples(text)
    if len(pairs) > 1:
        yield ", ".join(pairs[:-1])


@_near_miss
def tuple_changed(text: str) -> Iterator[str]:
    pairs = _tuples(text)
    if len(pairs) == 1 and "infty" not in text:
        inner = [item.strip() for item in text.strip("()").split(",")]
        if len(inner) > 1 and inner != inner[::-1]:
            yield f"({', '.join(reversed(inner))})"
            yield f"\\{{{', '.join(inner)}\\}}"
        if len(inner) == 2:
            yield f"[{inner[0]}, {inner[1]}]"
        yield f"({', '.join([*inner, '0'])})"


@_near_miss
def interval_changed(text: str) -> Iterator[str]:
    found = _INTERVAL.fullmatch(text)
    if found and ("[" in text or "]" in text or "infty" in text):
        left, low, high, right = found.groups()
        if "infty" not in low:
            yield f"{'(' if left == '[' else '['}{low},{high}{right}"
            yield f"{left}{low}+1,{high}{right}"
        if "infty" not in high:
            yield f"{left}{low},{high}{')' if right == ']' else ']'}"
        if "infty" not in low + high:
            yield f"\\{{{low},{high}\\}}"


@_near_miss
def inequality_changed(text: str) -> Iterator[str]:
    found = _INEQUALITY.fullmatch(text)
    if found:
        name, sign, value = found.groups()
        yield f"{name} {_TURNED[sign]} {value}"
        other = {"<": "\\le", ">": "\\ge"}.get(sign, "<" if "le" in sign else ">")
        yield f"{name} {other} {value}"
        yield f"{name} = {value}"
        yield f"{value}"
        yield f"{'y' if name != 'y' else 'z'} {sign} {value}"
        yield f"{name} {sign} {value} + 1"


@_near_miss
def equation_changed(text: str) -> Iterator[str]:
    sides = _simple_sides(text)
    if sides is None or any(mark in text for mark in ("<", "\\ge", "\\le ", "\\equiv")):
        return
    left, right = sides
    yield f"{left} = {right} + 1"
    yield f"{left} = 2({right})" if right != "0" else f"{left} = 2"
    if re.fullmatch(r"[a-zA-Z]", left):
        yield f"{'v' if left != 'v' else 'w'} = {right}"
    yield f"{left} = {left}"


@_near_miss
def polynomial_changed(text: str) -> Iterator[str]:
    terms = _terms(text)
    if terms:
        yield "".join(terms[:-1]).removeprefix("+")
        yield f"{text}+1"
        last = terms[-1]
        yield "".join(terms[:-1]) + ("+" if last[0] == "-" else "-") + last.lstrip("+-")
        letters = sorted(set(re.findall(r"[a-z]", text)))
        if len(letters) == 1:
            yield text.replace(letters[0], "q" if letters[0] != "q" else "w")
        yield f"{text} = 0"


@_near_miss
def matrix_changed(text: str) -> Iterator[str]:
    found = _ARRAY.search(text)
    if found and "\\times" not in text and "bullet" not in text:
        rows = found[1].split("\\\\")
        for changed in (rows[:-1], [*rows, rows[0]], rows[::-1] if rows != rows[::-1] else []):
            if changed:
                body = "\\\\".join(changed)
                yield text.replace(found[0], f"\\begin{{bmatrix}}{body}\\end{{bmatrix}}")


@_near_miss
def logarithm_changed(text: str) -> Iterator[str]:
    if found := re.search(r"\\(?:ln|log) ?\((\d+)\)", text):
        yield text.replace(found[0], f"\\ln ({int(found[1]) + 1})")
    if "\\ln" in text and "=" not in text and "+C" not in text:
        yield text.replace("\\ln", "\\log_2")
        yield f"2{text}" if text[0] == "\\" else f"{text} + 1"


@_near_miss
def complex_changed(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(-?\d+) ?([+-]) ?(\d*) ?i", text):
        yield f"{found[1]} {'+' if found[2] == '-' else '-'} {found[3]}i"
        yield f"{found[1]} {found[2]} {found[3]}"  # the unit is lost
        yield f"{found[3] or 1} {found[2]} {found[1].removeprefix('-')}i + 1"
    if found := re.fullmatch(r"(-?\d+) ?i", text):
        yield found[1]
        yield f"{found[1]}i + 1"


@_near_miss
def unit_changed(text: str) -> Iterator[str]:
    found = re.fullmatch(r"(.+?) ?\\(?:mathrm|text) ?\{[~ ]*([a-z]+)\}", text)
    if found and found[2] in ("cm", "m", "km", "ft", "min", "kg", "yd", "mm"):
        value, unit = found.groups()
        yield f"{value}\\text{{ {'inches' if unit != 'in' else 'ft'}}}"
        yield f"{value}\\text{{ liters}}"
        yield f"{value}\\text{{ s}}"
        yield f"2{value}\\text{{ {unit}}}"


@_near_miss
def other_choice(text: str) -> Iterator[str]:
    if re.fullmatch(r"[A-H]", text):
        for letter in "ABCDE":
            if letter != text:
                yield letter
                yield f"\\text{{({letter})}} {text}"
        yield f"{text} or {'B' if text != 'B' else 'C'}"


@_near_miss
def other_words(text: str) -> Iterator[str]:
    if re.fullmatch(r"[A-Za-z][a-z]+(?: [a-z]+){0,3}", text):
        yield f"not {text.lower()}"
        yield "5"
        yield f"{text} if x > 0"


@_near_miss
def scale_changed(text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:\^\{?\\circ\}?|\\?%)", text):
        yield f"{float(found[1]) * 10 + 3:g}"
        yield f"{float(found[1]) + 2:g}\\pi"
        yield f"{float(found[1]) + 1:g}"
