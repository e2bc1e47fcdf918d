"""Relations and lists of them."""

from tests.verifier.math.trees import tree
from verifier.math.tree import Listing, Relation, Symbol


def test_a_chain_is_one_relation() -> None:
    chain = tree("a < b < c")
    assert chain == Relation((Symbol("a"), Symbol("b"), Symbol("c")), ("<", "<"))


def test_commas_list_statements() -> None:
    both = tree("x = 1, y = 2")
    assert isinstance(both, Listing)
    assert both.items == (tree("x = 1"), tree("y = 2"))


def test_the_lead_in_of_an_answer_goes() -> None:
    assert tree("the answer is 5") == tree("5")
