"""The languages that programs may be written in, as data. Adding one is an entry in its family's
table and a test.

Stands alone: the build of the sandbox image runs it for the packages to install.
docs/languages.md shows the table and says how to add an entry.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.languages.compiled import COMPILED
from sandbox.languages.csharp import CSHARP
from sandbox.languages.go import GO
from sandbox.languages.interpreted import INTERPRETED
from sandbox.languages.jvm import JVM
from sandbox.languages.language import PRODUCT, PYTHON, SCIENCE, TOOLCHAINS, VARIANTS, Language
from sandbox.languages.node import NODE

__all__ = [
    "LANGUAGES",
    "PRODUCT",
    "PYTHON",
    "SCIENCE",
    "TOOLCHAINS",
    "VARIANTS",
    "Language",
]

LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for family in (INTERPRETED, COMPILED, GO, JVM, CSHARP, NODE)
    for language in family
}
"""Every language, by its name."""
