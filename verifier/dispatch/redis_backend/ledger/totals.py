"""Numbers over all that Redis has of batches and workers."""

from __future__ import annotations

import time
from typing import Any, cast

import redis

from verifier.dispatch.figures import Figures
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua import totals
from verifier.dispatch.redis_backend.lua.shared import whole
from verifier.dispatch.redis_backend.records import Census
from verifier.model import Kind


class Totals:
    """Numbers, at one moment."""

    def __init__(self, client: redis.Redis) -> None:
        script = client.register_script
        self._census = script(whole(totals.CENSUS))
        self._figures = script(whole(totals.FIGURES))

    def census(self) -> Census:
        """Workers and queue; writes, so that it fails where Redis takes nothing."""
        found: Any = self._census(args=[names.WORKER_FORGOTTEN_S])
        workers, serving, queued, code, fault, others, used, allowed, evicts = found
        return Census(
            workers,
            dict(zip(names.LANES, serving, strict=True)),
            {Kind.MATH: queued - code, Kind.CODE: code},
            fault.decode(errors="replace"),
            tuple(sorted(map(int, others))),
            used,
            allowed,
            bool(evicts),
        )

    def figures(self) -> Figures:
        """What happened until now, without what the census tells."""
        began = time.monotonic()
        counts, ages, busy, jails = cast("Any", self._figures(args=[names.WORKER_FORGOTTEN_S]))
        flat = iter(counts)
        return Figures(
            counts={
                name.decode(errors="replace"): float(number)
                for name, number in zip(flat, flat, strict=True)
            },
            oldest_s=dict(zip(names.LANES, (max(0.0, float(age)) for age in ages), strict=True)),
            busy_workers=busy,
            jails=jails,
            trip_s=time.monotonic() - began,
        )
