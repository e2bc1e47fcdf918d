"""Problems that are there twice: the same text, or nearly the same.

Near ones are found by MinHash over character 5-grams with banding (Broder 1997; Leskovec,
Rajaraman and Ullman, Mining of Massive Datasets, 3.4), and each find is confirmed by the Jaccard
similarity of the 5-grams themselves. datasketch, which does the same, brings scipy along."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

NEAR_WITH_SAME_TRUTH = 0.7
"""Jaccard similarity of two problems whose ground truths are equal."""
NEAR = 0.9
"""Of two programming problems with other tests. Mathematics with another reference is no duplicate:
`2+2` and `2+3` look alike."""

_GRAM = 5
_BANDS, _ROWS = 32, 4
_PRIME = (1 << 31) - 1
_RANDOM = np.random.default_rng(20_260_101)
_FACTORS = _RANDOM.integers(1, _PRIME, _BANDS * _ROWS, dtype=np.uint64)[:, None]
_OFFSETS = _RANDOM.integers(0, _PRIME, _BANDS * _ROWS, dtype=np.uint64)[:, None]
_NO_WORD = re.compile(r"[\W_]+")

Grams = NDArray[np.uint64]
"""Hashes of a text's 5-grams, each once, sorted."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The earlier problem that one repeats."""

    name: str
    how: Literal["duplicate", "near_duplicate"]


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    truth: str
    grams: Grams


class Duplicates:
    """Remembers problems and knows those that it has seen."""

    def __init__(self) -> None:
        self._exact: dict[bytes, str] = {}
        self._seen: list[_Seen] = []
        self._buckets: dict[tuple[int, bytes], list[int]] = {}

    def twin_of(self, name: str, prompt: str, truth: str, *, code: bool) -> Twin | None:
        """The earlier problem that this one repeats; else None, and this one is remembered.

        `prompt`: its text; where there is none, only programming problems with equal `truth` (the
        ground truth as JSON) are the same: many questions have the answer 2."""
        text = normalised(prompt)
        if not text and not code:
            return None
        digest = hashlib.sha256((text or truth).encode("utf-8", "surrogatepass")).digest()
        if digest in self._exact:
            return Twin(self._exact[digest], "duplicate")
        grams = _grams(text)
        bands = [(band, key.tobytes()) for band, key in enumerate(_bands(grams))] if text else []
        for seen in self._candidates(bands):
            least = NEAR_WITH_SAME_TRUTH if seen.truth == truth else NEAR
            if (code or seen.truth == truth) and _jaccard(grams, seen.grams) >= least:
                return Twin(seen.name, "near_duplicate")
        self._exact[digest] = name
        for band in bands:
            self._buckets.setdefault(band, []).append(len(self._seen))
        self._seen.append(_Seen(name, truth, grams))
        return None

    def _candidates(self, bands: list[tuple[int, bytes]]) -> Iterator[_Seen]:
        found = {number for band in bands for number in self._buckets.get(band, ())}
        return (self._seen[number] for number in sorted(found))


def normalised(text: str) -> str:
    """Its words and signs of mathematics in lower case, however it is laid out."""
    kept = re.sub(r"[-+*/^=<>]", lambda sign: f" {ord(sign[0])} ", text.casefold())
    return _NO_WORD.sub(" ", kept).strip()


def _grams(text: str) -> Grams:
    padded = f" {text} "
    pieces = {padded[at : at + _GRAM] for at in range(max(1, len(padded) - _GRAM + 1))}
    hashes = [zlib.crc32(piece.encode("utf-8", "surrogatepass")) for piece in pieces]
    return np.unique(np.array(hashes, dtype=np.uint64) % np.uint64(_PRIME))


def _bands(grams: Grams) -> Grams:
    hashed = (_FACTORS * grams + _OFFSETS) % np.uint64(_PRIME)
    bands: Grams = hashed.min(axis=1).reshape(_BANDS, _ROWS)
    return bands


def _jaccard(one: Grams, other: Grams) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
