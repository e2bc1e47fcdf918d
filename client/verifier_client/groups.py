"""What GRPO can learn from a batch: statistics of its groups, for a trainer's log."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

logger = logging.getLogger("verifier_client")


def statistics(
    rewards: Sequence[float | None],
    groups: Sequence[Any],
    truncated: Sequence[Any] | None = None,
) -> dict[str, float]:
    """`groups` has for each rollout what is the same for those of its group, its prompt say; None
    and nan are rewards that there are none of.

    `solve_none`, `solve_all` and `degenerate` (every judged reward is the same) are shares of the
    groups, `unjudged` and `truncated` of the rollouts; `mean_reward` is of what was judged. A share
    of nothing is 0."""
    by_group: dict[str, list[float]] = {}
    for reward, group in zip(rewards, groups, strict=True):
        known = by_group.setdefault(_key(group), [])
        if reward is not None and not math.isnan(reward):
            known.append(reward)
    judged = [reward for known in by_group.values() for reward in known]
    found = list(by_group.values())
    return {
        "mean_reward": sum(judged) / max(1, len(judged)),
        "solve_none": _share([bool(known) and max(known) <= 0 for known in found]),
        "solve_all": _share([bool(known) and min(known) >= 1 for known in found]),
        "degenerate": _share([len(set(known)) <= 1 for known in found]),
        "unjudged": 1 - len(judged) / max(1, len(rewards)) if rewards else 0.0,
        "truncated": _share(list(map(bool, truncated or ()))),
    }


def tell(found: Mapping[str, float]) -> None:
    """Log a batch's statistics, where its trainer has no place for them."""
    said = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
    logger.info("A batch was judged: %s.", said)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / max(1, len(flags))


def _key(group: Any) -> str:
    """The same for equal prompts, be they text, messages or tensors of tokens."""
    if isinstance(group, str):
        return group
    try:
        return json.dumps(group, default=_plain, sort_keys=True)
    except Exception:  # noqa: BLE001 - keys of several types, say; a metric ends no training
        return repr(type(group))


def _plain(value: Any) -> Any:
    """Equal for equal values: an image is loaded anew for each rollout."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "tobytes"):
        return hashlib.sha256(value.tobytes()).hexdigest()
    return repr(value)
