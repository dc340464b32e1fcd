"""Lag of each partition over time, by Kafka's word."""

from __future__ import annotations

import math

from matplotlib.figure import Figure

from support.report.charts.drawing import new_figure, plain
from support.results.schema import ScenarioResult


def draw(result: ScenarioResult, _objective: float | None) -> Figure:
    """A line a partition; none where it had no commit."""
    assert result.lag is not None
    figure = new_figure(3.2, f"{result.name}: lag by Kafka's word")
    axes = figure.subplots()
    for partition, lags in result.lag.partitions.items():
        known = [math.nan if lag is None else lag for lag in lags]
        axes.plot(result.lag.at_s, known, label=f"partition {partition}")
    plain(axes, "records behind")
    axes.set_xlabel("seconds from the first look", fontsize=8)
    axes.set_ylim(0)
    axes.legend(frameon=False, fontsize=8)
    return figure
