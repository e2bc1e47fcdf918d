"""A batch as it is sent: in parts that the service takes, and each answer checked against its part.

Of a completion no more is sent than the service looks at. Parts come one at a time, so that a batch
is never held as a whole. The same batch under the same batch_id makes the same bytes: whatever is
sent again is known again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from verifier_client.completions import text_of
from verifier_client.errors import Mismatched, Unusable
from verifier_client.final_part import shortened
from verifier_client.model import Result, read_result

Rows = Iterable[Mapping[str, Any]]

MAX_ROLLOUTS = 4096
"""Of one part; a service takes 8192 unless it is told otherwise."""
MAX_BYTES = 4 * 1024 * 1024
"""Of one part, but for a single rollout that is larger. A few parts are under way at a time."""
_OF_GROUP = ("ground_truth", "problem", "limits")
_OF_ROLLOUT = ("group", "truncated", *_OF_GROUP)
_MAX_NAME_CHARS = 200
"""Of a name of the caller's that is sent with something added; a service takes 256."""


class Asked(NamedTuple):
    """One rollout's names: as sent, so that no other batch has them, and the caller's own."""

    sent_id: str | None
    """None in a group, whose completions have no ids."""
    id: Any
    sent_group: Any
    group: Any


class _Entry(NamedTuple):
    """A rollout, or completions of one group."""

    content: bytes
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one request carries, and the rollouts that its answer must name."""

    batch_id: str
    first: int
    """The position of its first rollout in the batch."""
    last: bool
    """No other part follows."""
    asked: Sequence[Asked]
    options: Mapping[str, Any]
    form: str
    """`rollouts` or `groups`."""
    entries: Sequence[_Entry]

    def content(self) -> bytes:
        """The request's JSON."""
        head = to_json({"batch_id": self.batch_id, **self.options})[:-1]
        entries = b",".join(entry.content for entry in self.entries)
        return b'%b,"%b":[%b]}' % (head, self.form.encode(), entries)

    def halves(self) -> tuple[Part, Part] | None:
        """Two parts in its place, for a service that takes less; None for what is one entry."""
        middle = len(self.entries) // 2
        if not middle:
            return None
        name = self.batch_id
        if len(name) > _MAX_NAME_CHARS:
            name = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
        count = sum(len(entry.asked) for entry in self.entries[:middle])
        return (
            dataclasses.replace(
                self,
                batch_id=f"{name}~a",
                last=False,
                asked=self.asked[:count],
                entries=self.entries[:middle],
            ),
            dataclasses.replace(
                self,
                batch_id=f"{name}~b",
                first=self.first + count,
                asked=self.asked[count:],
                entries=self.entries[middle:],
            ),
        )

    def results(self, answer: Any) -> list[Result]:
        """The results of a whole answer, in order. Raises Mismatched."""
        try:
            batch_id, rewards, lines = (answer[name] for name in ("batch_id", "rewards", "results"))
            found = [self._result(line, index) for index, line in enumerate(lines)]
        except KeyError as error:
            raise _mismatched(f"it has no {error}") from None
        except TypeError:
            raise _mismatched("it holds no results in JSON") from None
        if batch_id != self.batch_id:
            raise _mismatched(f"batch {self.batch_id!r} was sent, and it names {batch_id!r}")
        if len(found) != len(self.asked):
            raise _mismatched(f"{len(self.asked)} rollouts were sent, and it has {len(found)}")
        if rewards != [result.reward for result in found]:
            raise _mismatched("its rewards are not those of its results")
        return found

    def result(self, line: bytes | str) -> Result:
        """One result of an answer that comes line by line. Raises Mismatched."""
        try:
            content = json.loads(line)
            return self._result(content, content["index"])
        except KeyError as error:
            raise _mismatched(f"a line of it has no {error}") from None
        except (ValueError, TypeError):
            raise _mismatched("a line of it is no result in JSON") from None

    def null(self, message: str) -> Result:
        """Of its first rollout, that it could not be judged."""
        asked = self.asked[0]
        return Result(
            id=asked.id,
            group=asked.group,
            index=self.first,
            reward=None,
            outcome="verifier_error",
            message=message,
        )

    def _result(self, content: Mapping[str, Any], index: int) -> Result:
        if index not in range(len(self.asked)):
            raise _mismatched(f"{len(self.asked)} rollouts were sent, and it has number {index}")
        asked = self.asked[index]
        if (content["id"], content["group"]) != (asked.sent_id, asked.sent_group):
            raise _mismatched(
                f"rollout {self.first + index} was sent as {asked.sent_id!r} of group "
                f"{asked.sent_group!r}, and it has {content['id']!r} of {content['group']!r}"
            )
        reward = content["reward"]
        if not (reward is None or (isinstance(reward, float | int) and 0 <= reward <= 1)):
            raise _mismatched(f"a reward is {reward!r}")
        named = {"id": asked.id, "group": asked.group, "index": self.first + index}
        return read_result({**content, **named})


def cut(
    rollouts: Rows | None, groups: Rows | None, batch_id: str, options: Mapping[str, Any]
) -> Iterator[Part]:
    """The batch, part by part; an empty one is one part. `options` are said with each.

    Raises Unusable, also for a row that has no form in JSON."""
    if (rollouts is None) == (groups is None):
        raise Unusable("Give either `rollouts` or `groups`.")
    token = hashlib.sha256(batch_id.encode("utf-8", "replace")).hexdigest()[:12]
    if groups is None:
        form, entries = "rollouts", _rollouts(rollouts or (), token)
    else:
        form, entries = "groups", _groups(groups, token)
    first = 0
    for number, (packed, last) in enumerate(_packed(entries), start=1):
        part = Part(
            batch_id=batch_id if number == 1 else f"{batch_id[:_MAX_NAME_CHARS]}~{token}.{number}",
            first=first,
            last=last,
            asked=[asked for entry in packed for asked in entry.asked],
            options=options,
            form=form,
            entries=packed,
        )
        yield part
        first += len(part.asked)


def to_json(value: Any) -> bytes:
    """JSON for the service, in UTF-8. Data sets hold numpy arrays, which become lists."""
    try:
        return _UTF8.encode(value).encode()
    except UnicodeEncodeError:  # a lone surrogate, which a tokenizer may well produce
        return _ASCII.encode(value).encode("ascii")


def as_lists(array: Any) -> Any:
    """`default` for `json.dumps`: numpy arrays, as data sets hold them. Raises TypeError."""
    if hasattr(array, "tolist"):
        return array.tolist()
    raise TypeError(f"{type(array).__name__} has no form in JSON")


# Made once: `json.dumps` makes one for each call, which is most of what a short text costs.
_UTF8 = json.JSONEncoder(default=as_lists, ensure_ascii=False, separators=(",", ":"))
_ASCII = json.JSONEncoder(default=as_lists, separators=(",", ":"))


def _packed(entries: Iterator[_Entry]) -> Iterator[tuple[list[_Entry], bool]]:
    """Entries by the part, and whether it is the last one."""
    part: list[_Entry] = []
    size = count = 0
    for entry in entries:
        size += len(entry.content)
        count += len(entry.asked)
        if part and (size > MAX_BYTES or count > MAX_ROLLOUTS):
            yield part, False
            part, size, count = [], len(entry.content), len(entry.asked)
        part.append(entry)
    yield part, True


def _rollouts(rows: Rows, token: str) -> Iterator[_Entry]:
    for index, row in enumerate(rows):
        with _named(f"Rollout {index}"):
            group = row.get("group")
            asked = Asked(_sent_id(row.get("id"), token, index), row.get("id"), group, group)
            sent = {**_known(row, _OF_ROLLOUT), "id": asked.sent_id}
            if "completion" in row:
                sent["completion"] = _sent_text(row["completion"], row.get("truncated"))
            content = to_json(sent)
        yield _Entry(content, [asked])


def _groups(rows: Rows, token: str) -> Iterator[_Entry]:
    """A group that is too large for one part is sent as several of one name."""
    for position, row in enumerate(rows):
        with _named(f"Group {position}"):
            name = str(position) if row.get("id") is None else row["id"]
            asked = Asked(None, None, f"{str(name)[:_MAX_NAME_CHARS]}~{token}", name)
            head = to_json({**_known(row, _OF_GROUP), "id": asked.sent_group})[:-1]
        for texts, flags in _some_at_a_time(row, position):
            tail = b',"truncated":' + to_json(flags) if flags else b""
            content = b'%b,"completions":[%b]%b}' % (head, b",".join(texts), tail)
            yield _Entry(content, [asked] * len(texts))


def _some_at_a_time(
    group: Mapping[str, Any], position: int
) -> Iterator[tuple[list[bytes], list[Any]]]:
    """Completions as JSON and their flags, where there are any, as many as go into one part."""
    completions, flags = group.get("completions"), group.get("truncated")
    if completions is None or isinstance(completions, str):
        raise Unusable(f"Group {position} has no list of `completions`.")
    counted = flags is None or (hasattr(flags, "__len__") and len(flags) == len(completions))
    if not counted:
        raise Unusable(f"Group {position} needs one of `truncated` for each of its `completions`.")
    texts: list[bytes] = []
    size = start = 0
    known = itertools.repeat(None) if flags is None else flags
    for text in map(to_json, map(_sent_text, completions, known)):
        size += len(text)
        if texts and (size > MAX_BYTES or len(texts) == MAX_ROLLOUTS):
            end = start + len(texts)
            yield texts, [] if flags is None else list(flags[start:end])
            texts, size, start = [], len(text), end
        texts.append(text)
    yield texts, [] if flags is None else list(flags[start:])


def _known(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What the service reads of a row; data sets carry columns of their own."""
    return {name: row[name] for name in names if name in row}


@contextlib.contextmanager
def _named(what: str) -> Iterator[None]:
    """Say which row it is that has no form in JSON, or is none. Raises Unusable."""
    try:
        yield
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise Unusable(f"{what} cannot be sent: {error}.") from error


def _sent_text(completion: Any, truncated: Any) -> Any:
    """No more than is looked at; of what is no text and no chat the service says so."""
    try:
        return shortened(text_of(completion), truncated=bool(truncated))
    except (TypeError, RecursionError):
        return completion


def _sent_id(own: Any, token: str, index: int) -> str:
    """A name that no other rollout has, of this batch or another, and that still shows its own."""
    return f"{token}.{index}" if own is None else f"{str(own)[:_MAX_NAME_CHARS]}~{token}.{index}"


def _mismatched(what: str) -> Mismatched:
    return Mismatched(
        f"The answer is not to this request and was not used: {what}. Something between the "
        "client and the service mixes up answers, or is no Verifier."
    )
