"""A driver's loop: a request a line in, what the trainer held a line out."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any


def serve(answer: Callable[[dict[str, Any]], Any]) -> None:
    """Answer requests until there are no more. Whatever trainers print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        names = [name for name in os.environ if name.startswith("VERIFIER_")]
        for name in names:
            del os.environ[name]
        os.environ.update(request["environment"])
        try:
            found = answer(request)
        except Exception as error:  # noqa: BLE001 - the test is told
            traceback.print_exc()
            found = {"raised": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(found) + "\n")
        answers.flush()
