"""What a suite does with values: gives them to the candidate, compares, asks what they are."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

from verifier.programs.referee.reading.kinds import ALIKE, CHANGED, OBJECTS, Kinds, is_one_of
from verifier.programs.referee.reading.names import Names
from verifier.programs.referee.reading.needs import Need, is_plain
from verifier.programs.referee.reading.survey import arguments_of

_MADE_AGAIN = frozenset(
    """date datetime time timedelta deque Counter OrderedDict defaultdict Decimal ndarray
    GeneratorType Generator CoroutineType Coroutine Awaitable
    Path PosixPath DataFrame Series Index Timestamp Timedelta""".split()  # noqa: SIM905 - to be read
)
"""Types of the library whose objects are made again on the other side of the wall."""
_AGAIN = ALIKE | frozenset(
    {"a deque", "an iterator", "a dict of its own kind", "a decimal", "a dict with defaults"}
    | {"a text in memory"}
)
"""What `OBJECTS` and `CHANGED` have of these."""
_OF_A_FUNCTION = frozenset({"__name__", "__qualname__", "__call__", "__class__", "__module__"})
_OF_EXCEPTIONS = frozenset(
    name
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
    for name in dir(kind)
) - {"__cause__", "__context__", "__notes__"}
_ABOUT_OBJECTS = ("numpy", "pandas")
"""Libraries whose functions are asked about arrays and tables."""
_GOING_THROUGH = frozenset({"list", "tuple", "set", "sorted", "sum", "next", "dict", "?.join"})
"""What takes each of the items of what it is given."""
_TOOLS = frozenset({"a function", "a class", "an iterator"})
"""What stands beside a value for other reasons than to be compared with it: a key, a pair."""
_LISTS = frozenset({"sys.path", "sys.modules"})
_OF_THE_INTERPRETER = frozenset({"sys.path", "sys.modules", "sys.argv", "os.environ"})
_SHOWN = ("range(", "Fraction(", "bytearray(", "frozenset(", "nan", "inf", "-inf")


class Values:
    """Of one suite."""

    def __init__(
        self,
        nodes: Sequence[ast.AST],
        names: Names,
        kinds: Kinds,
        *,
        class_names: Collection[str],
        shared_classes: Collection[str],
        node_fields: Collection[str],
    ) -> None:
        """`class_names`: the candidate's; `shared_classes`: the suite's that the candidate has too;
        `node_fields`: attributes that lists and trees have, which cross by themselves."""
        self._nodes = nodes
        self._names = names
        self._kinds = kinds
        self._class_names = frozenset(class_names)
        self._shared_classes = frozenset(shared_classes)
        self._node_fields = frozenset(node_fields)

    def of_protocol(self, node: ast.Await | ast.AsyncFor | ast.withitem) -> Iterator[Need]:
        if isinstance(node, ast.withitem):
            entered = node.context_expr
        else:
            entered = node.value if isinstance(node, ast.Await) else node.iter
        if self._names.is_answer(entered):
            yield Need.OBJECTS

    def of_call(self, node: ast.Call) -> Iterator[str | Need]:
        """Yields what of a call cannot cross: an object given, or a question about an answer."""
        given = arguments_of(node)
        name = self._names.dotted(node.func)
        if is_assertion(node):
            yield from self._of_the_interpreter(given)
            if not name.endswith("IsInstance"):
                yield from self._of_returned_types(given)
        if self._names.is_answer(node.func):
            yield Need.OBJECTS
        if self._names.is_candidate(node.func):
            if self._holds_answer(given) or any(map(self._names.holds_answer, given)):
                yield Need.OBJECTS
            for part in given:
                if what := self._kinds.of(part, OBJECTS) or self._kinds.of(part, CHANGED):
                    yield from self._crossing(what) or [f"passes {what} to the candidate"]
        elif asked := list(self._of_types(name, given)):
            yield from asked
        else:
            is_about_objects = is_one_of(name, _ABOUT_OBJECTS) and self._holds_answer(given)
            if is_about_objects or name == "vars" or self._goes_through_part(name, given):
                yield Need.OBJECTS
            yield from self._of_sides(given)

    def _goes_through_part(self, name: str, given: Sequence[ast.expr]) -> bool:
        """Whether it goes through what is in an answer, which may be an iterator."""
        if name == "map" and len(given) == 2:
            return self._names.dotted(given[0]) in _GOING_THROUGH and self._holds_answer(given[1:])
        return name in _GOING_THROUGH and any(map(self._names.is_part_of_answer, given[:1]))

    def _of_types(self, name: str, given: Sequence[ast.expr]) -> Iterator[str | Need]:
        """What a call asks of the type of an answer."""
        if name == "str" and any(map(self._names.is_type_of_answer, given)):
            yield Need.OBJECTS
        if len(given) < 2 or self._kinds.is_plain_type(given[1]):
            return
        if name.endswith(".assertIsInstance"):
            yield Need.OBJECTS
        if name == "isinstance" and self._names.is_answer(given[0]):
            others = self._class_names | _MADE_AGAIN | self._shared_classes
            if self._kinds.is_plain_type(given[1], others):
                yield Need.OBJECTS
            else:
                yield "asks for the type of an object that the candidate returns"

    def _crossing(self, what: str) -> list[str | Need]:
        """What has to cross so that this does; nothing where it cannot."""
        if what == "a function":
            return [Need.OBJECTS, Need.CALLBACKS]
        if what == "a mock":
            return [Need.OBJECTS, Need.MOCKS]
        if what.startswith("an object of `"):
            is_made = what[14:-1] in self._shared_classes
            return [Need.OBJECTS] if is_made else [Need.OBJECTS, Need.CALLBACKS]
        return [Need.OBJECTS] if what in _AGAIN else []

    def of_comparison(self, sides: Sequence[ast.expr]) -> Iterator[str | Need]:
        yield from self._of_sides(sides)
        yield from self._of_returned_types(sides)
        yield from self._of_the_interpreter(sides)
        if any(map(self._is_shown, sides)) and any(map(_shows_an_object, sides)):
            yield Need.OBJECTS
        types = [side for side in sides if self._names.is_type_of_answer(side)]
        if types and not all(
            self._kinds.is_plain_type(side) for side in sides if side not in types
        ):
            yield "asks for the type of an object that the candidate returns"

    def _of_returned_types(self, sides: Sequence[ast.expr]) -> Iterator[Need]:
        """Types that the candidate is to return."""
        if any(map(self._names.is_answer, sides)) and any(map(self._kinds.holds_type, sides)):
            yield Need.OBJECTS

    def _of_the_interpreter(self, sides: Sequence[ast.expr]) -> Iterator[str | Need]:
        """What of the interpreter's state is compared."""
        wholes = [side.value for side in sides if isinstance(side, ast.Subscript)]
        names = {*map(self._names.dotted, sides)}
        names |= _LISTS.intersection(map(self._names.dotted, wholes))
        for name in _OF_THE_INTERPRETER & names:
            yield f"looks at `{name}`, which the candidate has its own of"

    def _holds_answer(self, parts: Sequence[ast.expr]) -> bool:
        """Whether something that the candidate returns is anywhere in these."""
        nodes = (node for part in parts for node in ast.walk(part))
        return any(map(self._names.is_answer, nodes))

    def _of_sides(self, sides: Sequence[ast.expr]) -> Iterator[str | Need]:
        kinds = [self._kinds.of(side, OBJECTS) for side in sides]
        if not _AGAIN.isdisjoint(kinds) and (
            self._holds_answer(sides) or any(map(_may_be_anything, sides, kinds))
        ):
            yield Need.OBJECTS
        if any(map(self._names.is_answer, sides)):
            for side in sides:
                what = self._kinds.of(side, OBJECTS)
                if what and what not in _TOOLS:
                    is_beyond = f"compares what the candidate returns with {what}"
                    yield from self._crossing(what) or [is_beyond]

    def of_equality(self, node: ast.Compare | ast.Call) -> Iterator[str]:
        """A new object that something of the candidate's is to be equal to."""
        if isinstance(node, ast.Compare):
            decides = any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
            sides = [node.left, *node.comparators]
        else:
            sides = node.args[:2]
            decides = is_assertion(node) and ast.unparse(node.func).endswith("Equal")
        if decides and any(map(self._is_new_object, sides)):
            yield "compares an object of the candidate's with a new one, which is for it to say"

    def _is_new_object(self, node: ast.expr) -> bool:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return any(map(self._is_new_object, node.elts))
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self._class_names
        )

    def of_attribute(self, node: ast.Attribute) -> Iterator[str | Need]:
        if node.attr == "__dict__" or self._names.is_type_of_answer(node.value):
            yield Need.OBJECTS
        is_of_type = node.attr.startswith("__") and node.attr != "__doc__"
        if self._names.is_candidate(node.value) and node.attr not in _OF_A_FUNCTION:
            if is_of_type:
                yield f"looks at `{node.attr}` of the candidate itself"
            else:
                yield Need.OBJECTS
        if self._names.is_owner(node.value) and node.attr != self._names.method:
            yield Need.OBJECTS

    def of_answers_attributes(self) -> Iterator[Need]:
        """What is asked of one answer, all together: no plain type may have it."""
        looked_at: dict[str, set[str]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute) and self._is_of_answer(node.value):
                looked_at.setdefault(ast.dump(node.value), set()).add(node.attr)
        for attributes in looked_at.values():
            foreign = attributes - self._node_fields
            if not is_plain(foreign):
                yield Need.OBJECTS

    def _is_of_answer(self, node: ast.expr) -> bool:
        """Whether it is an answer, or what comes of comparing or reckoning with one."""
        is_reckoned = isinstance(node, ast.Compare | ast.BinOp)
        return self._names.is_answer(node) or (is_reckoned and self._holds_answer([node]))

    def _is_shown(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="repr"), args=[value]):
                return self._names.is_answer(value)
        return False


def _may_be_anything(node: ast.expr, kind: str | None) -> bool:
    """Whether it is a part of something that the text does not say what it is."""
    return kind is None and isinstance(node, ast.Subscript | ast.Attribute)


def is_assertion(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    return str(name).startswith("assert")


def of_exception(name: str, body: Sequence[ast.stmt]) -> Iterator[Need]:
    """What is asked of an exception that was caught: it comes as one of a builtin type."""
    for node in (part for statement in body for part in ast.walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=asked), attr=attr) if asked == name:
                if attr not in _OF_EXCEPTIONS:
                    yield Need.OBJECTS


def _shows_an_object(node: ast.expr) -> bool:
    """Whether it is a text that no plain data is shown as."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return not node.value.startswith(_SHOWN)
    return False
