"""Results as one page that opens offline: a table and bars for each workload."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import api.reports

_CHARTS = Path(api.reports.__file__).with_name("web") / "vendor" / "chart.umd.min.js"
_FILES = Path(__file__).parent


def of(results: Mapping[str, Any]) -> str:
    """The page's text."""
    page = (_FILES / "page.html").read_text(encoding="utf-8")
    charts = _CHARTS.read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
    data = json.dumps(results).replace("<", "\\u003c")
    for mark, text in (("/*charts*/", charts), ("/*results*/", f"const results = {data};")):
        page = page.replace(mark, text)
    return page
