"""Compiles and runs programs of every language but Python, in a confined process.

Both come as JSON {"command", "environment", ...} behind the first descriptor; the second is memory
that the compiler's product is written to, and that every run is given, sealed by then. Nothing of
what happens here is believed: see python_run.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from . import confine
from .python_run import ENVIRONMENT, content_of

PRODUCT = 3
"""The descriptor that a run's command finds the product behind (sandbox.languages.PRODUCT)."""
_CANNOT_EXECUTE = 127


def compile_program(descriptors: Sequence[int]) -> NoReturn:
    """Write the document's source to its file, compile it, write out the product."""
    plan, destination = descriptors
    document = json.loads(content_of(plan))
    os.close(plan)
    with open(document["file"], "w", encoding="utf-8", errors="replace") as file:
        file.write(document["source"].removeprefix("\ufeff"))
    compiler = os.fork()
    if compiler == 0:
        _become(document)
    _, status = os.waitpid(compiler, 0)
    if status == 0:
        _write_product(document["product"], destination)
    os._exit(0 if status == 0 else 1)


def run_program(descriptors: Sequence[int]) -> NoReturn:
    """Become the document's command, with the product behind the descriptor it expects."""
    plan, product = descriptors
    document = json.loads(content_of(plan))
    os.close(plan)
    if product != PRODUCT:
        os.dup2(product, PRODUCT)
        os.close(product)
    os.set_inheritable(PRODUCT, True)
    _become(document)


def _become(document: dict[str, Any]) -> NoReturn:
    command = document["command"]
    # The interpreter ignores them, and what is ignored stays so in whatever it executes.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execvpe(command[0], command, ENVIRONMENT | document["environment"])  # noqa: S606
    except OSError as error:
        os.write(2, f"{command[0]} cannot be executed: {error.strerror}\n".encode())
    os._exit(_CANNOT_EXECUTE)


def _write_product(product: str, destination: int) -> None:
    sys.path.remove(confine.SCRATCH)  # the standard library's own, whatever the source did
    # Not before: it comes with libraries that every run would be a copy of.
    import shutil  # noqa: PLC0415

    if os.path.isdir(product):
        product = shutil.make_archive("product", "zip", product)
    with open(product, "rb") as made, open(destination, "wb") as file:
        shutil.copyfileobj(made, file)
