"""What a module of tests imports: from its candidate, and what harnesses give it from elsewhere."""

from __future__ import annotations

import ast
import datetime
import importlib
import re
import sys

from sandbox import PYTHON
from sandbox.libraries import variant_for
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.plain_lines import without_plain_lines
from verifier.programs.assertions.source import parse_python

IMPORTS = re.compile(r"^(?:import|from)[ \t]+\w[^\n]*(?:\([^)]*\))?", re.MULTILINE)
_CANDIDATES = frozenset({"solution", "main", "candidate", "answer", "submission"})
"""What suites import as a module of the candidate's."""
_LIBRARIES = frozenset(
    """PIL PyPDF2 aiohttp altair astropy attr bitarray blake3 boto3 bs4 chardet cryptography cv2
    cycler cython dask dateutil django docx dns docxtpl dotenv faker fastapi flask
    flask_login flask_mail flask_restful flask_wtf folium fuzzywuzzy gensim geopandas geopy h5py
    holidays httpx hypothesis jax jieba jinja2 joblib keras lxml markdown matplotlib mechanize mock
    mpl_toolkits mpmath mypy natsort networkx nltk nose numba numpy openai openpyxl opencv packaging
    pandas parameterized patsy pdfplumber pexpect plotly polars psutil psycopg2 pulp pydantic
    pyfakefs pygments pymongo pyparsing pyquery pytesseract pytest pytz pywt redis regex requests
    requests_mock responses rsa scipy seaborn selenium sendgrid setuptools shapely simplejson six
    skimage sklearn sortedcontainers soundfile sqlalchemy statsmodels sympy tabulate tensorflow
    termcolor texttable textblob tldextract toml torch torchvision tornado tqdm transformers tzlocal
    ujson unidecode urllib3 wand werkzeug wikipedia wordcloud wordninja xgboost xlrd xlwt xmltodict
    xlsxwriter yaml""".split()  # noqa: SIM905 - to be read
)
"""Libraries that suites import. A module that is none, nor Python's own, is the candidate's."""
_ALIASES = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "sns": "seaborn",
    "ET": "xml.etree.ElementTree",
    "requests": "requests",
}
_BY_ITSELF = {
    "datetime": ("datetime", "timedelta", "date", "timezone"),
    "collections": ("Counter", "defaultdict", "deque", "OrderedDict", "namedtuple"),
    "decimal": ("Decimal",),
    "fractions": ("Fraction",),
    "pathlib": ("Path",),
    "io": ("StringIO", "BytesIO"),
}
"""What suites call by its name alone, by the module that it is from."""
_ALL_OF = {
    module: re.compile(rf"^[ \t]*from[ \t]+{module}[ \t]+import[ \t]+\*", re.MULTILINE)
    for module in _BY_ITSELF
}
"""An import of everything that is in such a module."""
_PACKAGES = {"urllib": ("urllib.error", "urllib.parse", "urllib.request")}
"""Packages whose modules a harness has loaded for itself, so that nobody imports them."""
_ITSELF = {
    package: re.compile(rf"^import[ \t]+{package}[ \t]*$", re.MULTILINE) for package in _PACKAGES
}
"""An import of such a package and of nothing in it."""
_OF_THE_SAME_NAME = frozenset({"datetime", "time", "copy", "random", "glob"})
"""Modules of which suites have something of the same name."""
_OF_DATES = re.compile(r"(?<![\w.\"'])datetime\.([A-Za-z_]\w*)")
_CALLED = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\(")
_MODULE = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\.[A-Za-z_]")


def shared_imports(test: str) -> str:
    """What a suite imports from the standard library, numpy, and the libraries that only a larger
    variant of a jail has, at its top, which the harnesses of data sets have in the candidate's
    namespace too."""
    return "\n".join(
        line
        for found in IMPORTS.finditer(without_plain_lines(test))
        if (line := found[0].rstrip()) and _is_importable(line)
    )


def _is_importable(line: str) -> bool:
    """Whether a line imports nothing but the standard library and shared libraries."""
    try:
        (node,) = ast.parse(line).body
    except (SyntaxError, ValueError):
        return False
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    else:
        return False
    return "__future__" not in names and all(
        _is_standard(name) or _is_shared_library(name) for name in names
    )


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_shared_library(module: str) -> bool:
    library = module.partition(".")[0]
    return library == "numpy" or variant_for([library]) != PYTHON


def missing_imports(test: str) -> str:
    """Imports of modules that a suite uses and nothing in it names: its authors' harness had them
    from elsewhere, mostly from the candidate's program."""
    telling = without_plain_lines(test)
    used = {name for name in _MODULE.findall(telling) if _is_standard(name) or name in _ALIASES}
    # Not what the suite binds itself, nor what may be a thing of the same name in a module.
    missing = sorted(
        name
        for name in used
        if name not in {"test", "this", "code"}
        and (name not in _OF_THE_SAME_NAME or _is_module(name, test))
        and not _binds(test, name)
    )
    lines = ["from datetime import datetime"] if _is_class_of_dates(test, telling) else []
    lines += [
        f"import {_ALIASES[name]} as {name}" if name in _ALIASES else f"import {name}"
        for name in missing
    ]
    called = set(_CALLED.findall(telling))
    for module, names in _BY_ITSELF.items():
        if _ALL_OF[module].search(telling):
            continue
        lines += [
            f"from {module} import {name}"
            for name in names
            if name in called and name not in missing and not _binds(test, name)
        ]
    for package, modules in _PACKAGES.items():
        if _ITSELF[package].search(telling):
            lines += [f"import {module}" for module in modules]
    return "\n".join(lines)


def _is_class_of_dates(test: str, telling: str) -> bool:
    """Whether it means the class by `datetime.now()`, and says nowhere where that is from."""
    asked = set(_OF_DATES.findall(telling))
    return bool(asked) and asked <= set(dir(datetime.datetime)) and not _binds(test, "datetime")


def _binds(test: str, name: str) -> bool:
    return bool(
        re.search(rf"\b(?:import|as|def|class|for)\b[^\n]*\b{name}\b|\b{name}\b[ \t]*[=,)]", test)
    )


def is_of_candidate(node: ast.stmt) -> bool:
    """Whether it imports what the candidate is to define."""
    if isinstance(node, ast.Import):
        return all(alias.name in _CANDIDATES for alias in node.names)
    if not isinstance(node, ast.ImportFrom):
        return False
    module = (node.module or "").partition(".")[0]
    return bool(node.level) or not (_is_standard(module) or module in _LIBRARIES)


def candidate_imports(test: str) -> list[str]:
    """The names that a suite imports from the candidate's module, in their order."""
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported:
        return []
    return [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and is_of_candidate(node)
        for alias in node.names
        if alias.name != "*"
    ]


def _is_module(name: str, test: str) -> bool:
    """Whether everything that is asked of it is the module's."""
    module = importlib.import_module(name)
    asked = set(re.findall(rf"(?<![\w.\"']){name}\.([A-Za-z_]\w*)", test))
    return asked <= set(dir(module)) and not asked <= set(dir(getattr(module, name)))
