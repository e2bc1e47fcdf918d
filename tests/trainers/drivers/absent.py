"""Imported first: packages that a trainer imports and that nothing driven here calls."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any
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


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not isinstance(sys.modules.get(name.rpartition(".")[0]), Absent):
            frame = sys._getframe(1)
            while "importlib" in frame.f_code.co_filename and frame.f_back:
                frame = frame.f_back
            if not Path(frame.f_code.co_filename).is_relative_to(self._folder):
                return None
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        return Absent(__spec__=spec, __name__=spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


def stand_in_for_what_is_imported_from(folder: Path) -> None:
    """Have packages that files of this folder import be there, where nobody has installed them."""
    sys.meta_path.append(_StandIns(folder))


def module(name: str, **contents: Any) -> None:
    """Have a module be there that is no more than this."""
    sys.modules[name] = made = types.ModuleType(name)
    vars(made).update(contents)
