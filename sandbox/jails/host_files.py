"""What of this machine's files a local jail shows: what the languages need, and nothing else.

For Python that is the interpreter with its standard library, the packages that candidates may
import, and the shared libraries that those load, one by one. The toolchains of other languages are
shown by the folders that their entries in `sandbox.languages` name.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from sandbox.languages import LANGUAGES, PYTHON
from sandbox.libraries import LIBRARIES

_NOT_OF_A_NAME = re.compile(r"[^\w.-]")
"""What ends a distribution's name in a requirement."""
_DATA = ("/usr/lib/locale/C.*", "/usr/lib/terminfo", "/usr/share/terminfo", "/usr/share/zoneinfo")
"""What the standard library reads, and the Docker jail's image has: locales, terminals, times."""
_LINKED_FOLDERS = ("/bin", "/lib", "/lib64")
"""Where /usr has taken their place these are links, which commands and their loader go by."""
_LIBRARIES_THAT_NOTHING_NAMES = ("libgcc_s.so.1",)
"""The C library loads it when a thread is cancelled."""
_FALLBACK = Path("/usr/lib")
"""Every loader looks there: for what this machine's finds by a list (ld.so.cache) that jails have
not, as it names all libraries here."""

_LIST_LIBRARIES = """
import ctypes, json, sys
class Loaded(ctypes.Structure):
    _fields_ = [("address", ctypes.c_void_p), ("name", ctypes.c_char_p)]
names = []
for path in sys.argv[1:]:
    try:
        ctypes.CDLL(path)
    except OSError:
        pass  # importing it fails as well
visit = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Loaded), ctypes.c_size_t, ctypes.c_void_p)
see = visit(lambda loaded, *_: names.append(loaded.contents.name.decode()) or 0)
ctypes.CDLL(None).dl_iterate_phdr(see, None)
print(json.dumps([name for name in names if name.startswith("/")]))
"""
"""Loads extension modules and says under which paths the loader found what they need."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A jail's view of this machine."""

    trees: tuple[str, ...]
    """Folders and files, shown under their own paths. No one is inside another."""
    links: tuple[tuple[str, str], ...]
    """Symbolic links at the top level, and where they lead."""
    files: tuple[tuple[str, str], ...]
    """Files, and the paths that they are shown under."""


@lru_cache
def packages(variant: str) -> dict[str, str]:
    """The files and folders of the libraries that candidates may import, and of what these need,
    by their names: of those that are installed in the service's own environment."""
    site = Path(sysconfig.get_path("purelib"))
    wanted = list(LIBRARIES.get(variant, LIBRARIES[PYTHON]))
    found: dict[str, str] = {}
    for requirement in wanted:  # which grows
        try:
            library = distribution(_NOT_OF_A_NAME.split(requirement)[0])
        except PackageNotFoundError:
            continue
        tops = {path.parts[0] for path in library.files or ()} - {"..", "__pycache__"}
        found |= {top: str(site / top) for top in sorted(tops) if (site / top).exists()}
        needs = [need for need in library.requires or () if "extra ==" not in need]
        wanted += [need for need in needs if need not in wanted]
    return found


def python() -> Path:
    """The interpreter that jails run."""
    return Path(os.path.realpath(sys.executable))


def standard_library() -> Path:
    return Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))


@lru_cache
def shown(variant: str) -> Shown:
    """What a jail of this variant shows. Raises OSError where the interpreter cannot be asked."""
    asked = [str(standard_library()), *_DATA]
    for language in LANGUAGES.values():
        if language.variant == variant:
            asked += language.paths
    trees = _outermost(_resolved(Path(path)) for place in asked for path in _found(place))
    files = {place: source for source, place in _libraries(variant) if not _is_in(place, trees)}
    files |= {path: path for path in [python()] if not _is_in(path, trees)}
    linked = [folder for folder in map(Path, _LINKED_FOLDERS) if folder.is_symlink()]
    links = [
        (str(folder), str(folder.readlink()))
        for folder in linked
        if any(_is_in(place, [_resolved(folder)]) for place in (*trees, *files))
    ]
    return Shown(
        tuple(map(str, trees)),
        tuple(links),
        tuple((str(source), str(place)) for place, source in files.items()),
    )


def _found(place: str) -> Iterable[Path]:
    return Path("/").glob(place.lstrip("/"))


def _resolved(path: Path) -> Path:
    """`path` without the links on the way to it, which is where it can be put."""
    return Path(os.path.realpath(path))


def _outermost(paths: Iterable[Path]) -> list[Path]:
    outer: list[Path] = []
    for path in sorted(set(paths), key=lambda path: len(path.parts)):
        if not _is_in(path, outer):
            outer.append(path)
    return outer


def _is_in(path: Path, trees: Iterable[Path]) -> bool:
    return any(path.is_relative_to(tree) for tree in trees)


def _libraries(variant: str) -> list[tuple[Path, Path]]:
    """(file, path that a loader looks for it under) of all that the interpreter can load."""
    modules = list((standard_library() / "lib-dynload").glob("*.so"))
    for folder in packages(variant).values():
        modules += Path(folder).rglob("*.so*")
    command = [str(python()), "-I", "-S", "-c", _LIST_LIBRARIES]
    command += [*map(str, modules), *_LIBRARIES_THAT_NOTHING_NAMES]
    names = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    own = [*map(Path, packages(variant).values()), standard_library()]
    found = [Path(name) for name in json.loads(names) if not _is_in(Path(name), own)]
    places = [(_resolved(path), _resolved(path.parent) / path.name) for path in found]
    looked_in = {*_found("/usr/lib*"), *_found("/usr/lib/*-linux-gnu*")}
    listed = [pair for pair in places if pair[1].parent not in looked_in]
    return [*places, *((source, _FALLBACK / place.name) for source, place in listed)]
