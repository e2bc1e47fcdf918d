"""Assertions about plain data that take a line each, read without Python's parser.

Most suites are tables: a hundred lines like `assert candidate(nums = [3, 3]) == [0, 1]`. A reader
of JSON has such data ten times as fast as Python's parser has a tree of it. Whatever it does not
take, or would take for anything else than Python does, is left to that parser.
"""

from __future__ import annotations

import ast
import json
import keyword
import re
from functools import lru_cache
from itertools import accumulate

from verifier.programs.assertions.source import fold_literals, parse_python

_DATA = r"[-\d.,\[\] ]++|True|False|None"
_LINE = re.compile(
    rf"""^(?P<indent>[ ]*+)assert[ ](?P<name>[A-Za-z]\w*+)
        \((?P<given>(?>\w++[ ]?=(?!=)[ ]?|"[^"\\\n]*+"|{_DATA})*+)\)
        [ ]==[ ](?P<expected>(?>"[^"\\\n]*+"|{_DATA})++)$""",
    re.VERBOSE | re.MULTILINE | re.ASCII,
)
_SILENT_LINE = re.compile(
    rf"""^[ ]*+assert[ ]candidate\((?>\w++[ ]?=(?!=)[ ]?|"[^"\\\n.(]*+"|{_DATA})*+\)
        [ ]==[ ](?>"[^"\\\n.(]*+"|{_DATA})++$""",
    re.VERBOSE | re.MULTILINE | re.ASCII,
)
_NAMED = re.compile(r"([A-Za-z]\w*+)[ ]?=[ ]?", re.ASCII)
_SPACES = re.compile(r"[ ]*+")
_BRACKET = re.compile(r"[\[\]]")
_MAX_DEPTH = 100
"""Python's parser takes twice as much."""
_AS_JSON = {"True": "true", "False": "false", "None": "null"}
"""Each as long as the other, so that places in the text stay what they are."""
_read = json.JSONDecoder().raw_decode


@lru_cache(maxsize=2)
def without_plain_lines(test: str) -> str:
    """What is left of a suite's text: the other lines say what it imports, defines and calls."""
    return _SILENT_LINE.sub("", test)


def parse_suite(source: str, what: str, *, large: bool) -> ast.Module:
    """The syntax tree of a suite with its tables folded. See `parse_python` for what it raises, and
    `fold_literals`."""
    assertions: dict[int, ast.Assert] = {}
    pieces: list[str] = []
    number, at = 1, 0
    for found in _LINE.finditer(source) if source.isascii() and "\r" not in source else ():
        number += source.count("\n", at, found.start())
        pieces += (source[at : found.start()], found[0])
        at = found.end()
        if (node := _assertion(found, number)) is not None:
            assertions[number] = node
            pieces[-1] = f"{found['indent']}0"  # a statement in its place
    tree = parse_python("".join([*pieces, source[at:]]), what)
    fold_literals(tree, large=large)
    if _put(assertions, tree):
        return tree
    tree = parse_python(source, what)  # something that looked like such a line is within another
    fold_literals(tree, large=large)
    return tree


def _assertion(line: re.Match[str], number: int) -> ast.Assert | None:
    """What Python's parser would make of the line, tables folded; None where it may not be that."""
    name, given, expected = line["name"], line["given"], line["expected"]
    if keyword.iskeyword(name) or _is_deep(line[0]):
        return None
    try:
        arguments = _arguments(given)
        value, end = _read(_json(expected), _after_spaces(expected, 0))
    except (ValueError, RecursionError):
        return None
    if arguments is None or _after_spaces(expected, end) < len(expected):
        return None
    called = ast.Call(ast.Name(name, ast.Load()), *arguments)
    compared = ast.Compare(called, [ast.Eq()], [ast.Constant(value)])
    return ast.Assert(compared, None, lineno=number, end_lineno=number)


def _arguments(given: str) -> tuple[list[ast.expr], list[ast.keyword]] | None:
    """None where Python would not read them as data. Raises what reading JSON does."""
    text = _json(given)
    plain: list[ast.expr] = []
    named: dict[str, ast.keyword] = {}
    at = _after_spaces(given, 0)
    while at < len(given):
        if name := _NAMED.match(given, at):
            if name[1] in named or keyword.iskeyword(name[1]):
                return None
            value, at = _read(text, name.end())
            named[name[1]] = ast.keyword(name[1], ast.Constant(value))
        elif named:
            return None
        else:
            value, at = _read(text, at)
            plain.append(ast.Constant(value))
        at = _after_spaces(given, at)
        if at < len(given):
            if given[at] != ",":
                return None
            at = _after_spaces(given, at + 1)
    return plain, [*named.values()]


def _json(data: str) -> str:
    """As JSON spells it, where no text is among it."""
    if '"' not in data:
        for name, spelt in _AS_JSON.items():
            data = data.replace(name, spelt)
    return data


def _after_spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    assert found
    return found.end()


def _is_deep(line: str) -> bool:
    if line.count("[") <= _MAX_DEPTH:
        return False
    steps = (1 if bracket == "[" else -1 for bracket in _BRACKET.findall(line))
    return max(accumulate(steps)) > _MAX_DEPTH


def _put(assertions: dict[int, ast.Assert], tree: ast.Module) -> bool:
    """Have each where its line is; whether there was a statement for all of them."""
    missing = len(assertions)
    owners: list[ast.AST] = [tree]
    for owner in owners:  # which grows
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            statements = getattr(owner, name, None)
            if not isinstance(statements, list):
                continue
            for place, statement in enumerate(statements):
                if not isinstance(statement, ast.Expr):
                    owners.append(statement)
                elif (assertion := assertions.get(statement.lineno)) is not None:
                    statements[place] = assertion
                    missing -= 1
    return missing == 0
