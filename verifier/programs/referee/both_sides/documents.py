"""Documents and sparse matrices on their way through the wall: as text, and as an array.

Sent as text into both jails, behind `crossing` in one namespace. What crosses is made anew by the
library's own parser, and is a document of the side that it has come to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import Held, Part, makers

_PARSERS = frozenset({"html.parser", "lxml", "lxml-xml"})
_SPARSE = frozenset({"bsr", "coo", "csc", "csr", "dia", "dok", "lil"})


def holding_of_documents(obj: Any, carried: Part) -> Held:
    """A soup, an element of either library of trees, or a sparse matrix."""
    kind = type(obj)
    match kind.__module__.partition(".")[0], kind.__name__:
        case "bs4", "BeautifulSoup":
            return "soup", str(obj), obj.builder.NAME
        case "xml", "Element":
            return "element", _trees().tostring(obj, encoding="unicode")
        case "xml", "ElementTree" if obj.getroot() is not None:
            return "tree", _trees().tostring(obj.getroot(), encoding="unicode")
        case "lxml", "_Element":
            return "lxml element", _lxml().tostring(obj, encoding="unicode", with_tail=False)
        case "scipy", name if name.endswith(("_matrix", "_array")) and obj.format in _SPARSE:
            return "sparse", name, carried(obj.toarray())
    return None


def _trees() -> Any:
    import xml.etree.ElementTree as ET  # noqa: PLC0415 - only where there are documents

    return ET


def _lxml() -> Any:
    return __import__("lxml.etree").etree


def _make_soup(text: str, parser: str) -> Any:
    if parser not in _PARSERS:
        raise ValueError("no parser of documents")
    return __import__("bs4").BeautifulSoup(text, parser)


def _make_element(text: str) -> Any:
    """Raises ValueError where the text begins with anything but its tag, as none does that the
    library has written: what an entity stands for may be a hundred times as long as the text."""
    if text[:1] != "<" or text[1:2] in ("!", "?"):
        raise ValueError("an element that does not begin with its tag")
    return _trees().fromstring(text)


def _make_tree(text: str) -> Any:
    return _trees().ElementTree(_make_element(text))


def _make_lxml_element(text: str) -> Any:
    """Entities are left as they are: a short text would be a long document."""
    parser = _lxml().XMLParser(resolve_entities=False, no_network=True)
    return _lxml().fromstring(text, parser)


def _make_sparse(name: str, dense: Any) -> Any:
    kind, _, what = name.rpartition("_")
    if kind not in _SPARSE or what not in ("matrix", "array"):
        raise ValueError("no sparse matrix")
    return getattr(__import__("scipy.sparse").sparse, name)(dense)


makers.update(
    {
        "soup": _make_soup,
        "element": _make_element,
        "tree": _make_tree,
        "lxml element": _make_lxml_element,
        "sparse": _make_sparse,
    }
)
