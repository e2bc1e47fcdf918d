"""Reads a normalised answer into a tree.

It knows the notation of answers, not all of LaTeX; what it does not know raises Unreadable, and the
pair is left to math-verify. Nothing is evaluated here: reading takes time linear in the text.

What is read, in EBNF over tokens (`tokens`); each rule is the reader of its name:

    statements  = statement { ( "," | ";" | joint ) statement }          joint: "and", "or"
    statement   = [ introduction ] ( mapping | label value | side { relation set } )
    side        = head | label | set                                     f(x), \\angle ABC, 2x + 1
    mapping     = [ letter ":" ] parameters "\\mapsto" set
    set         = compound { ( "\\cup" | "\\cap" | "\\setminus" ) ratio }
    compound    = ratio { ratio }                                        3 hours 20 minutes
    ratio       = quantity { ":" quantity }
    quantity    = [ currency ] expression [ multiple ] [ unit ] | words
    expression  = sum [ ( "\\over" | "\\choose" ) sum ]
    sum         = [ additive ] product { additive product }              + - \\pm \\mp
    product     = factor { multiplicative factor | power }               * \\cdot \\times / \\bmod
    factor      = [ additive ] power
    power       = operand { postfix }                                    ^ script, !, %, '
    operand     = number | letter [ subscript ] | brackets | command
    brackets    = "(" statements [ "|" statements ] ")" | "\\{" statements "\\}"
                | "{" expression "}" | "|" expression "|" | environment | ...
    command     = "\\frac" argument argument | "\\sin" [ "^" script ] applied-to | over | ...
    over        = ( "\\sum" | "\\prod" ) "_" range [ "^" script ] product
                | "\\int" "_" script "^" script expression "d" letter
                | "\\lim" "_" "{" letter "\\to" expression "}" product
    range       = letter | "{" letter [ "=" expression ] "}"
    script      = group | [ sign ] ( number | parenthesised | operand )
    argument    = group | digit | operand

What these rules do not fit is prose: words, and statements between them.

`grammar` has the tables of operands, commands and postfixes, `parser` what goes through the tokens.
"""

from __future__ import annotations

import re
from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.reading.grammar import GRAMMAR
from verifier.math.reading.names import GREEK, PARTIAL
from verifier.math.reading.parser import Parser, TooComplex, Unreadable
from verifier.math.reading.prose import prose
from verifier.math.reading.tokens import FUNCTIONS, is_applied, tokenise
from verifier.math.tree import Apply, Listing, Node, Number, Symbol, Words, symbols_of

__all__ = ["TooComplex", "Unreadable", "read"]

MAX_TOKENS = 1500
_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_PROSE = re.compile(r"[A-Za-z][A-Za-z ,.'-]*")
_DIFFERENCE = re.compile(r"(?<![\w'.-])[a-z](?:-[a-z])+(?![\w'.-])")
"""No word; of capital letters it may be a chain: the order `A-B-C` is not `A-C-B`."""
_NUMERAL = re.compile(r"[IVX]+")
_STATEMENTS = re.compile(  # I and III only
    r"(?:\\text ?\{)?(?P<numerals>[IVX]+(?:(?:, ?(?:and )?| and )[IVX]+)+)(?: only)?\}?"
)
_MODULUS = re.compile(
    r" ?(?:\(? ?\\[pb]?mod ?|\(? ?\\text ?\{ ?\(?mod ?\} ?|(?:\(|(?<=[0-9)}] ))mod ?)"
    r"\{?(?P<modulus>[1-9][0-9]{0,29})\}? ?\)?\Z"
)
_FOR_INTEGERS = re.compile(
    r"(?:,|\||:|\()? ?(?:\\text ?\{[ ,]*(?:where|for|with)(?: any| all| some)? ?\})?"
    r" ?\(?(?P<name>[a-zA-Z]) ?\\in ?(?:\\mathbb ?)?\{?Z\}?\)?(?:\\\})?\Z"
)
_OF_A_CONSTANT = re.compile(  # where c is a constant
    r",? ?\(?(?:\\text ?\{ ?)?(?:where ?|for )?(?:(?:any|some|arbitrary) )?\}? ?(?P<name>[a-zA-Z])"
    r" ?(?:\\text ?\{ ?)?\}? ?is (?:an? |any |some |the )?(?:arbitrary |real ){0,2}"
    r"constant(?: of integration)?\}?\)?\Z"
)


def read(text: str, *, thousands: bool = True) -> Node:
    """The tree of a normalised answer. Raises Unreadable or TooComplex."""
    try:
        return _read_whole(text, thousands)
    except Unreadable:
        return prose(text, lambda formula: _read_statement(formula, thousands))


def _read_whole(text: str, thousands: bool) -> Node:
    """Takes off what is said about a whole statement, a modulus say, and reads the rest."""
    if listed := _STATEMENTS.fullmatch(text):
        numerals = _NUMERAL.findall(listed["numerals"])
        return Listing(tuple(Words(numeral.lower()) for numeral in numerals), "and")
    if words := _plain_words(text):
        return Words(words)
    if found := _MODULUS.search(text):
        modulus = Number(PlainNumber(Fraction(found["modulus"])))
        return Apply("mod", (_read_statement(text[: found.start()], thousands), modulus))
    if (found := _FOR_INTEGERS.search(text)) and found.start():
        members = text[: found.start()]
        members += r"\}" if text.endswith(r"\}") else ""
        return Apply("family", (_read_statement(members, thousands), Symbol(found["name"])))
    if (found := _OF_A_CONSTANT.search(text)) and found.start():
        value = _read_statement(text[: found.start()], thousands)
        return Apply("constant", (value, Symbol(found["name"])))
    return _read_statement(text, thousands)


def _read_statement(text: str, thousands: bool) -> Node:
    tokens = tokenise(text, thousands=thousands)
    if len(tokens) > MAX_TOKENS:
        raise TooComplex
    if not tokens:
        raise Unreadable
    try:
        parser = Parser(tokens, GRAMMAR)
        node = parser.statements()
    except RecursionError:
        raise TooComplex from None
    if parser.peek() is not None:
        raise Unreadable
    if any(token.text == PARTIAL for token in tokens) and PARTIAL in symbols_of(node):
        raise Unreadable
    return node


def _plain_words(text: str) -> str | None:
    """The words that a text is made of, if it is nothing else."""
    spelled = " ".join(_TEXT.sub(r" \1 ", text).split())
    if not _PROSE.fullmatch(spelled):
        return None
    without = _DIFFERENCE.sub("x", spelled)
    words = [word.strip(".,-'") for word in re.split("[ ,]+", without.lower())]
    if all(len(word) <= 1 or word in ("and", "or") for word in words):
        return None
    known = {*FUNCTIONS, *GREEK, "infty", "infinity", "sqrt", "pi", "and", "or"}
    if any(len(word) >= 3 and word not in known and not is_applied(word) for word in words) and (
        len(words) > 1 or len(words[0]) >= 4 or "\\text" in text or words[0] in ("dne", "yes")
    ):
        return spelled.lower()
    return spelled.lower() if words[0] in ("no", "yes") else None
