"""Plots what `service.growth` found: costs above, rates below, a column for each dimension.

`uv run --no-project --with matplotlib python benchmarks/service/growth_plot.py GROWTH.json`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt


def main(path: Path) -> None:
    """Write the plot beside the file of points."""
    found: dict[str, Any] = json.loads(path.read_text())
    points = found["points"]
    units = {point["dimension"]: point["unit"] for point in points}
    mpl.rcParams.update({"svg.fonttype": "none", "font.size": 8, "svg.hashsalt": "growth"})
    figure, axes = plt.subplots(2, len(units), figsize=(3.2 * len(units), 5.2))
    for column, (dimension, unit) in enumerate(units.items()):
        shown = {"cpu_ms": f"CPU ms a {unit}", "units_s": f"{unit}s a second"}
        for place, (figure_of, title) in zip(axes[:, column], shown.items(), strict=True):
            for workers in sorted({point["workers"] for point in points}):
                line = [
                    (point["value"], point[figure_of])
                    for point in points
                    if (point["dimension"], point["workers"]) == (dimension, workers)
                ]
                label = f"{workers} worker" if workers == 1 else f"{workers} workers"
                place.loglog(*zip(*line, strict=True), marker="o", markersize=3, label=label)
            place.set(title=title, xlabel=dimension)
            place.grid(visible=True, alpha=0.3)
    axes[0][0].legend()
    figure.suptitle(found["mode"])
    figure.tight_layout()
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
