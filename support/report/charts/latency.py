"""Chart: latency, acknowledgements and consumption over time."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from support.report.charts.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    bands,
    limit,
    log_of_milliseconds,
    new_figure,
    plain,
)
from support.results.schema import ScenarioResult


def draw(result: ScenarioResult, objective_ms: float | None) -> Figure:
    """Draw p50, p95 and maximum by the time at which records were due, and rates below.

    The rates: acknowledged, consumed, and records that were never acknowledged.
    """
    what = "commit to arrival" if result.cdc else "latency"
    figure = new_figure(4.6, f"{result.name}: {what}")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    points = [p for p in result.series if p.p50_ms is not None]
    at = [p.at_s for p in points]
    for label, values, colour in (
        ("max", [p.max_ms for p in points], GREY),
        ("p95", [p.p95_ms for p in points], ORANGE),
        ("p50", [p.p50_ms for p in points], BLUE),
    ):
        top.plot(at, values, label=label, color=colour, linewidth=1.4)
    log_of_milliseconds(top)
    if objective_ms is not None:
        limit(top, objective_ms, f"limit {objective_ms:g} ms (p95)")
    top.legend(frameon=False, fontsize=8, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))
    _rates(bottom, result)
    bands(top, result.faults, named=True)
    bands(bottom, result.faults, named=False)
    return figure


def _rates(axes: Axes, result: ScenarioResult) -> None:
    every = [p.at_s for p in result.series]
    # Intervals without anything are left out, so the shortest step is the interval.
    interval = min((b - a for a, b in pairwise(every)), default=1.0)
    arrived = [p.acks_arrived / interval for p in result.series]
    label = "events arrived" if result.cdc else "acknowledged"
    axes.bar(every, arrived, interval, color=BLUE, align="edge", alpha=0.5, label=label)
    if any(p.consumed is not None for p in result.series):
        consumed = [(p.consumed or 0) / interval for p in result.series]
        axes.step(every, consumed, where="post", color=GREEN, linewidth=1.2, label="consumed")
    never = [(p.sent - p.acked) / interval for p in result.series]
    if any(never):
        axes.bar(every, never, interval, color=RED, align="edge", label="never acknowledged")
    plain(axes, "records/s")
    axes.set_xlabel(
        "seconds from the start of the load (latency by when a record was due, rates by arrival)",
        fontsize=8,
    )
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="lower right", bbox_to_anchor=(1, 0.97))
