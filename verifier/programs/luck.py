"""Whether what a Python program does could differ from run to run, as far as its text shows.

Told from words, never by parsing (`verifier.programs.candidate`), and in doubt it could: who is
taken for lucky is only run again. In the sandbox `random` starts from the same state in every run,
and so do the hashes of texts; what is left is clocks, the system's randomness, addresses, threads,
files, and whatever reaches for a name that does not stand in the text.
"""

from __future__ import annotations

import re
import unicodedata

_MODULES = re.compile(
    r"(?:abc|array|ast|bisect|calendar|cmath|collections|copy|dataclasses|datetime|decimal|enum"
    r"|fractions|functools|heapq|io|itertools|json|math|numbers|numpy|operator|os|queue|random|re"
    r"|sortedcontainers|statistics|string|struct|sys|textwrap|time|typing|__future__)\b"
)
"""Whose imports say nothing; what of them is luck has its word below."""
_DUNDER = r"""__(?!
        (?:future|name|main|init|call|repr|str|len|bool|hash|iter|next|contains|getitem|setitem
        |delitem|slots|enter|exit|neg|post_init|l[te]|g[te]|eq|ne
        |[ir]?(?:add|sub|mul|matmul|truediv|floordiv|mod|pow|and|or|xor))__
      )\w*__"""
"""A name of the interpreter's, but those that programs define."""
_PLAIN_USES = re.compile(
    r"\bos\s*\.\s*(?:read|write|fstat|linesep|_exit|SEEK_\w+)\b|\bopen\s*\(\s*0\s*[,)]"
    r"|\bre\s*\.\s*compile\b|^[ \t]*import[ \t]+\w+(?:[ \t]*,[ \t]*\w+)*[ \t]*$",
    re.MULTILINE,
)
"""Of words below, and lines of imports, which are looked at apart."""
_LUCK = re.compile(
    rf"""
    # clocks
      \btime\s*\. | \.\s*time\b | \bfrom\s+time\b | \w+_ns\b
    | \b(?:perf_counter|monotonic|process_time|thread_time|clock\w*|sleep)\b
    | \b(?:utcnow|ctime|asctime|gmtime|localtime|strftime)\b | \.\s*(?:now|today)\b
    # the system's randomness
    | \b(?:seed|getstate|setstate|Random|SystemRandom|\w*urandom|getrandom|_inst)\b
    # addresses, and what the interpreter knows of itself
    | \b(?:id|hash)\s*\( | \b(?:getrefcount|getallocatedblocks|settrace|setprofile)\b
    # the system
    | \b_?os\b | \b_(?:sys|time|thread|random)\b | \bthread\w*\b | \bopen\b | \bFileIO\b
    # names that do not stand in the text
    | \b(?:eval|exec|compile|getattr|attrgetter|methodcaller|globals|locals|vars|modules|builtins
      |breakpoint|importlib|ctypes\w*|_getframe|_current_frames)\b
    | {_DUNDER}
    """,
    re.VERBOSE,
)
_SUSPECT = re.compile(
    rf"""
      (?:time|\w+_ns|perf_counter|monotonic|process_time|thread_time|clock\w*|sleep|utcnow|ctime
      |asctime|gmtime|localtime|strftime|now|today|seed|getstate|setstate|Random|SystemRandom
      |\w*urandom|getrandom|_inst|id|hash|getrefcount|getallocatedblocks|settrace|setprofile|_?os
      |_sys|_time|_thread|_random|thread\w*|open|FileIO|eval|exec|compile|getattr|attrgetter
      |methodcaller|globals|locals|vars|modules|builtins|breakpoint|importlib|ctypes\w*|_getframe
      |_current_frames)\Z
    | \w*{_DUNDER}
    """,
    re.VERBOSE,
)
"""A word that is looked at more closely; most programs have none, which is soon seen."""
_WORD = re.compile(r"\w+")
_IMPORT = re.compile(r"\bfrom\s+([\w.]+)\s+import\b|\bimport\b([^\n;]*)")
_OF_NUMPY = re.compile(r"\b(?:random|empty\w*|now|today|mem\w+|fromfile|load\w*|genfromtxt)\b")
"""What numpy has of luck: its own generator, memory as it was found, files and the day."""


def may_be_lucky(source: str) -> bool:
    """Whether two runs of this program with the same input may end differently."""
    text = source if source.isascii() else unicodedata.normalize("NFKC", source)
    text = text.replace("\r\n", "\n").replace("\\\n", " ")
    has_suspects = any(map(_SUSPECT.match, {*_WORD.findall(text)}))
    if has_suspects and _LUCK.search(_PLAIN_USES.sub(" ", text)) is not None:
        return True
    if "numpy" in text and _OF_NUMPY.search(text) is not None:
        return True
    return not all(map(_is_plain, _IMPORT.finditer(text)))


def _is_plain(found: re.Match[str]) -> bool:
    module, modules = found.groups()
    named = [module] if module is not None else modules.split(",")
    return all(_MODULES.match(name.strip()) for name in named)
