"""Draws a report of the bench: `plots.py REPORT FOLDER` writes one SVG file a plot.

What is drawn is in the report: medians of the rounds, with the least and the most as whiskers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

# Texts stay texts, and equal reports give equal files.
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "flightpulse", "font.family": "sans-serif", "font.size": 10}

COLOURS = {"Rust": "#b7410e", "Python": "#3572a5", "Node": "#3c873a"}
MARKS = {"Rust": "o", "Python": "s", "Node": "^"}


def main() -> None:
    report, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, task in report.items():
        if "contenders" not in task:
            continue
        by_size(folder / f"{name}-per-core.svg", name, task, "per_core_second", f"{task['unit']} a second and core")
        by_size(folder / f"{name}-p50.svg", name, task, "p50_ms", "p50 of an invocation, ms")
        if task.get("growth"):
            growth(folder / f"{name}-growth.svg", name, task["growth"])


def drawn(path: Path, draw: Callable[[Axes], None]) -> None:
    with rc_context(STYLE):
        figure = Figure(figsize=(6.4, 3.8), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.grid(visible=True, which="major", color="#d0d7de", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        # Without a date: else each drawing would be another file.
        figure.savefig(path, metadata={"Date": None})


def plain(value: float, _: int) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def by_size(path: Path, name: str, task: dict[str, Any], measure: str, label: str) -> None:
    """One line a contender, over the sizes of an invocation."""

    def draw(axes: Axes) -> None:
        for contender, of in task["contenders"].items():
            sizes = sorted(map(int, of["by_size"]))
            found = [of["by_size"][str(size)][measure] for size in sizes]
            middle = [one["median"] for one in found]
            below = [one["median"] - one["least"] for one in found]
            above = [one["most"] - one["median"] for one in found]
            style = {"color": COLOURS.get(contender, "black"), "marker": MARKS.get(contender, "x"), "markersize": 5}
            axes.errorbar(sizes, middle, yerr=[below, above], label=contender, capsize=2, **style)
        axes.set(xscale="log", yscale="log", xlabel=f"{task['unit']} of an invocation", ylabel=label, title=name)
        axes.xaxis.set_major_formatter(FuncFormatter(plain))
        axes.yaxis.set_major_formatter(FuncFormatter(plain))
        axes.legend(frameon=False)

    drawn(path, draw)


def growth(path: Path, name: str, curves: dict[str, list[dict[str, float]]]) -> None:
    """Processor time of each event, as there are more of them and of what they are about."""

    def draw(axes: Axes) -> None:
        labels = {
            "by_events": "events so far",
            "by_flights": "flights of a batch of 5,000",
            "quiet": "flights of a batch of 100 that tells nobody",
        }
        for (curve, points), mark in zip(curves.items(), ("o", "s", "^"), strict=True):
            label = labels[curve]
            axes.plot(
                [one["at"] for one in points], [one["microseconds_each"] for one in points],
                marker=mark, markersize=5, label=label,
            )  # fmt: skip
        axes.set(xscale="log", xlabel="how many", ylabel="processor time of an event, µs", title=name)
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
        axes.xaxis.set_major_formatter(FuncFormatter(plain))
        axes.legend(frameon=False)

    drawn(path, draw)


if __name__ == "__main__":
    main()
