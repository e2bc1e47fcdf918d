"""Which version and options judged: in results on request, in every row that is scored."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping

from sandbox import Limits
from verifier.model import NO_RULES, AnswerRules

_JUDGING = ("math-verify", "latex2sympy2_extended", "sympy")
"""Libraries by which answers of mathematics are compared."""


@functools.cache
def provenance(rules: AnswerRules = NO_RULES) -> Mapping[str, str]:
    """`version` of the verifier; `options`, a digest of what is in force where a ground truth says
    nothing (the rules of answers, the limits of programs, the libraries' versions), the same for
    the same options; and of these the one that is asked for most, `extraction`."""
    extraction = rules.extraction or "stated"
    options = {
        "rules": dataclasses.asdict(rules) | {"extraction": extraction},
        "limits": dataclasses.asdict(Limits()),
        "libraries": {name: importlib.metadata.version(name) for name in _JUDGING},
    }
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode("ascii")).hexdigest()
    version = importlib.metadata.version("grpo-verifier")
    return {"version": version, "options": digest[:16], "extraction": extraction}
