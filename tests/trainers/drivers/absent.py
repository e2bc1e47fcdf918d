"""Imported first: packages that a trainer imports and that nothing driven here calls."""

from __future__ import annotations

import importlib.machinery
import sys
from unittest import mock


class Absent(mock.MagicMock):
    """A package, as far as importing goes."""

    __path__: list[str] = []  # noqa: RUF012 - importlib's own name


NAMES = [
    "fastapi",
    "deepspeed",
    "deepspeed.checkpoint",
    "deepspeed.ops",
    "deepspeed.ops.adam",
    "deepspeed.runtime",
    "deepspeed.runtime.zero",
    "deepspeed.runtime.zero.partition_parameters",
    "flash_attn",
    "flash_attn.bert_padding",
    "flash_attn.utils",
    "flash_attn.utils.distributed",
    "transfer_queue",
    "vllm",
    "uvicorn",
    "vllm.inputs",
    "vllm.utils",
]

for name in NAMES:
    sys.modules[name] = Absent(__spec__=importlib.machinery.ModuleSpec(name, None))
