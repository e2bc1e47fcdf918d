"""Where graders differ in practice, a named choice; each has a default that gives no doubtful 1."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from verifier.errors import VerifierError
from verifier.model import SeveralBoxes

SEVERAL_BOXES = "VERIFIER_MATH_SEVERAL_BOXES"
VALUES_ONLY = "VERIFIER_MATH_VALUES_ONLY"
CPU_LIMIT = "VERIFIER_MATH_CPU_S"


@dataclass(frozen=True, slots=True)
class MathSettings:
    """How math answers are judged, beyond what is certain."""

    several_boxes: SeveralBoxes = "all"
    """See `verifier.model.AnswerRules`, which overrides this."""
    values_only: bool = False
    """Where the reference is a plain number, refuse what is still to be worked out: `2^{10}`."""
    cpu_s: float = 2.0
    """CPU seconds that one comparison may take."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> MathSettings:
        """The settings that VERIFIER_MATH_* variables set. Raises VerifierError."""
        boxes = environment.get(SEVERAL_BOXES, "all")
        if boxes not in get_args(SeveralBoxes):
            raise VerifierError(f"{SEVERAL_BOXES} must be all, last or list, not {boxes!r}.")
        values_only = environment.get(VALUES_ONLY, "0")
        if values_only not in ("0", "1"):
            raise VerifierError(f"{VALUES_ONLY} must be 0 or 1, not {values_only!r}.")
        try:
            cpu_s = float(environment.get(CPU_LIMIT, "2"))
        except ValueError:
            cpu_s = 0.0
        if not 0.05 <= cpu_s <= 600:
            raise VerifierError(f"{CPU_LIMIT} must be a number of seconds from 0.05 to 600.")
        return cls(cast(SeveralBoxes, boxes), values_only == "1", cpu_s)
