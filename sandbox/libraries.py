"""The libraries that programs in Python may import beside the standard one, as data.

The variant `python` of a jail has those of `ORDINARY`, the variant `science` those of `SCIENCE` as
well. `make lock` has the images' lock files made of them (`python -m sandbox.libraries science`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from sandbox.agent import PRELOADED_VARIABLE
from sandbox.languages import PYTHON
from sandbox.languages import SCIENCE as SCIENCE_VARIANT

ORDINARY: Mapping[str, str] = {
    "numpy": "numpy",
    "requests": "requests",
    "sortedcontainers": "sortedcontainers",
}
"""By the distribution that brings it, as pip is asked for it: the module that is imported."""

SCIENCE: Mapping[str, str] = {
    **{name: module for name, module in ORDINARY.items() if name != "numpy"},
    "numpy<1.24": "numpy",
    "beautifulsoup4": "bs4",
    "chardet": "chardet",
    "cryptography": "cryptography",
    "django": "django",
    "faker": "faker",
    "flask": "flask",
    "flask-login": "flask_login",
    "flask-wtf": "flask_wtf",
    "folium": "folium",
    "gensim": "gensim",
    "geopy": "geopy",
    "holidays": "holidays",
    "levenshtein": "Levenshtein",
    "lxml": "lxml",
    "matplotlib<3.8": "matplotlib",
    "mpmath": "mpmath",
    "natsort": "natsort",
    "networkx<3": "networkx",
    "nltk": "nltk",
    "opencv-python-headless": "cv2",
    "openpyxl": "openpyxl",
    "pandas<2.1": "pandas",
    "pillow": "PIL",
    "prettytable": "prettytable",
    "psutil": "psutil",
    "pycryptodome": "Crypto",
    "pypdf2": "PyPDF2",
    "python-dateutil": "dateutil",
    "python-docx": "docx",
    "pytz": "pytz",
    "pyyaml": "yaml",
    "regex": "regex",
    "reportlab": "reportlab",
    "rsa": "rsa",
    "scikit-learn": "sklearn",
    "scipy<1.11": "scipy",
    "seaborn": "seaborn",
    "shapely": "shapely",
    "sqlalchemy": "sqlalchemy",
    "statsmodels": "statsmodels",
    "sympy": "sympy",
    "tabulate": "tabulate",
    "textblob": "textblob",
    "texttable": "texttable",
    "threadpoolctl>=3.8": "threadpoolctl",  # older ones start a process, under scikit-learn
    "tqdm": "tqdm",
    "werkzeug": "werkzeug",
    "wordcloud": "wordcloud",
    "xlrd": "xlrd",
    "xlwt": "xlwt",
    "xmltodict": "xmltodict",
}
"""Those that BigCodeBench, ODEX, ClassEval and NaturalCodeBench import most often, and take no
hundreds of megabytes each (TensorFlow, Torch) and no network. Their releases are those of these
sets' time (SCIENCE_BEFORE in the Makefile), and older ones where a bound stands: what newer ones
renamed or took away, the sets' solutions use."""

LIBRARIES: Mapping[str, Mapping[str, str]] = {PYTHON: ORDINARY, SCIENCE_VARIANT: SCIENCE}
"""By the variant of a jail."""

PRELOADED: Mapping[str, tuple[str, ...]] = {
    SCIENCE_VARIANT: ("numpy", "pandas", "matplotlib.pyplot")
}
"""Modules that a jail of a variant has imported before its first run, so that no run pays for it:
those of most rows that need the variant, and half a second of CPU time each."""

_BROUGHT_ALONG = {"mpl_toolkits": SCIENCE_VARIANT, "joblib": SCIENCE_VARIANT}
_VARIANT_OF = _BROUGHT_ALONG | {
    module: variant
    for variant in (SCIENCE_VARIANT, PYTHON)  # in this order: what both have is the smaller one's
    for module in LIBRARIES[variant].values()
}


def variant_for(modules: Iterable[str]) -> str:
    """The smallest variant of a jail for Python that has those of `modules` that any has."""
    needs_science = any(_VARIANT_OF.get(module) == SCIENCE_VARIANT for module in modules)
    return SCIENCE_VARIANT if needs_science else PYTHON


def preloading(variant: str) -> dict[str, str]:
    """What the environment of a jail's agent says of PRELOADED."""
    modules = PRELOADED.get(variant, ())
    return {PRELOADED_VARIABLE: " ".join(modules)} if modules else {}


if __name__ == "__main__":
    sys.stdout.write("\n".join(LIBRARIES[sys.argv[1]]) + "\n")
