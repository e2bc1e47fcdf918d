"""Reads letters with their subscripts, constants, sets with a letter of their own."""

from __future__ import annotations

from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.reading.brackets import parenthesised
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.reading.scripts import argument, script, subscript
from verifier.math.tree import Apply, Bracketed, Node, Number, Row, Symbol, round_tuple, symbols_of

PARTIAL = "partial"
CONSTANTS = {"pi": "pi", "infty": "oo"}
GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
        *("omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega"),
        *("hbar", "ell", "aleph", "prime", "star", "complement"),
    )
)
_SETS = {"R": round_tuple((Apply("neg", (Symbol("oo"),)), Symbol("oo")))}
_WHOLE = frozenset("nmkr")
"""Letters of what is counted."""
_ZERO = Number(PlainNumber(Fraction(0)))


def letter(p: Parser) -> Node:
    """`letter [subscript]`; `f`, `g` and `h` before brackets are functions."""
    said = p.next().text
    if said in ("C", "P", "A") and p.is_at("_"):
        place = p.place
        chosen = _chosen(p, said)
        if chosen is not None:
            return chosen
        p.return_to(place)
    if said in ("C", "P") and p.is_at("(") and (count := _count(p, said)):
        return count
    name = said + (subscript(p) or _index_behind(p, said))
    primes = 0
    while name in ("f", "g", "h") and p.is_at("'", primes):
        primes += 1
    if name in ("f", "g", "h") and p.is_at("(", primes):
        p.skip(primes)
        name += "'" * primes
        inner = parenthesised(p)
        args = inner.items if isinstance(inner, Row) else (inner,)
        return Apply("call", (Symbol(name), *args))
    return Symbol(name)


def function_named(p: Parser) -> Node:
    """A letter before brackets that the other side shows to be a function."""
    name = p.next().text
    inner = parenthesised(p)
    return Apply("call", (Symbol(name), *(inner.items if isinstance(inner, Row) else (inner,))))


def _index_behind(p: Parser, said: str) -> str:
    """`x1` and `y2` in plain text are names: nobody writes a product with its number last."""
    token = p.peek()
    if said in "ei" or token is None or token.kind != "number" or token.spaced:
        return ""
    if not token.text.isdigit() or p.is_at("/", 1):
        return ""
    p.skip()
    return f"_{token.text}"


def _chosen(p: Parser, said: str) -> Node | None:
    """`C_n^k` and `A_n^k`: combinations and permutations."""
    p.expect("_")
    try:
        lower = script(p)
        if not p.accept("^"):
            return None
        upper = script(p)
    except Unreadable:
        return None
    return Apply("binom" if said == "C" else "perm", (lower, upper))


def _count(p: Parser, said: str) -> Node | None:
    """`C(10, 3)` and `P(5, 2)`, combinations and permutations, or points with a name; None where
    these can only be points."""
    place = p.place
    try:
        inner = parenthesised(p)
    except Unreadable:
        inner = Symbol(said)
    match inner:
        case Bracketed("(", (top, bottom), ")") if _may_be_count(top, bottom):
            return Apply("choose" if said == "C" else "arrange", (top, bottom))
        case _:
            p.return_to(place)
            return None


def _may_be_count(top: Node, bottom: Node) -> bool:
    match top, bottom:
        case Number(many), Number(few):
            return many.value.denominator == few.value.denominator == 1 and many.value >= few.value
        case _:
            return bool(symbols_of(top)) and symbols_of(top) | symbols_of(bottom) <= _WHOLE


def greek(p: Parser, *, name: str) -> Node:
    """A letter that a command names; `\\Gamma` and `\\zeta` before brackets are functions."""
    if name in ("Gamma", "zeta") and p.is_at("("):
        return Apply(name, (parenthesised(p),))
    return Symbol(name + subscript(p))


def partial(p: Parser) -> Node:  # noqa: ARG001 - a reader like the others
    """`\\partial`, which is read in derivatives alone: it is no factor."""
    return Symbol(PARTIAL)


def constant(p: Parser, *, name: str) -> Node:  # noqa: ARG001 - a reader like the others
    """A number that a command names."""
    return Symbol(CONSTANTS[name])


def ellipsis(p: Parser) -> Node:  # noqa: ARG001 - a reader like the others
    """`\\ldots`: what is left out stands under a name of its own, so that only it equals itself."""
    return Symbol("...")


def accented(p: Parser, *, name: str) -> Node:
    """`\\overline{AB}`, `\\bar z`, `\\dot{x}_0`: another name than without."""
    braced = p.accept("{")
    said = _accented(p)
    while braced and not p.accept("}"):
        said += _accented(p)
    return Symbol(f"{name} {said}" + subscript(p))


def _accented(p: Parser) -> str:
    token = p.next()
    if token.kind not in ("letter", "number") and token.text not in GREEK:
        raise Unreadable
    return token.text + subscript(p)


def state(p: Parser, *, name: str) -> Node:
    """`\\ket{01}`: a name, of which nothing is worked out."""
    p.expect("{")
    said = f"{name} "
    while not p.is_at("}"):
        said += p.next().text
    p.expect("}")
    return Symbol(said)


def blackboard(p: Parser) -> Node:
    """`\\mathbb{R}`, `\\mathbb{R}^+`, `\\mathbb{Z}^2`."""
    braced = p.accept("{")
    name = p.next().text
    if braced:
        p.expect("}")
    if p.accept("^"):
        if name == "R" and _accept_plus(p):
            return round_tuple((_ZERO, Symbol("oo")))
        if _accept_plus(p):
            return Symbol(f"set {name}+")
        return Apply("^", (Symbol("set " + name), argument(p)))
    if p.is_at("_"):
        return Symbol(f"set {name}" + subscript(p))
    if name in "QRZ" and (p.is_at("(") or p.is_at("[")):
        inner = parenthesised(p)  # what it is extended by
        more = inner.items if isinstance(inner, Row) else (inner,)
        return Apply("call", (Symbol("set " + name), *more))
    return _SETS.get(name, Symbol("set " + name))


def _accept_plus(p: Parser) -> bool:
    if p.accept("+"):
        return True
    is_braced = p.is_at("{") and p.is_at("+", 1) and p.is_at("}", 2)
    p.skip(3 if is_braced else 0)
    return is_braced
