"""Chart: seconds of every start of a broker to its first acknowledged record."""

from __future__ import annotations

from matplotlib.figure import Figure

from support.report.charts.drawing import BLUE, RED, new_figure, plain
from support.report.sections.startups import acked_s
from support.results.schema import ScenarioResult


def draw(result: ScenarioResult, objective_s: float | None) -> Figure:
    """Draw a bar for each start."""
    times = acked_s(result)
    figure = new_figure(1.6 + 0.35 * len(times), result.name)
    axes = figure.subplots()
    places = range(len(times), 0, -1)
    axes.barh(places, times, color=BLUE, alpha=0.7, height=0.6)
    for place, seconds in zip(places, times, strict=True):
        axes.text(seconds, place, f" {seconds:.2f} s", va="center", fontsize=8)
    if objective_s is not None:
        axes.axvline(objective_s, color=RED, linestyle="--", linewidth=1)
        label = f" limit {objective_s:g} s"
        axes.text(objective_s, len(times) + 0.5, label, color=RED, fontsize=8)
    plain(axes, "")
    axes.set_yticks(places, [f"start {n + 1}" for n in range(len(times))])
    axes.set_xlim(0, max([*times, objective_s or 0]) * 1.15)
    axes.set_xlabel(
        "seconds from the start of the process to the first acknowledged record", fontsize=8
    )
    return figure
