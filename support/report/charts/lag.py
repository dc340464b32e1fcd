"""Chart: lag of each partition over time."""

from __future__ import annotations

import math

from matplotlib.figure import Figure

from support.report.charts.drawing import new_figure, plain
from support.results.schema import ScenarioResult


def draw(result: ScenarioResult, _objective: float | None) -> Figure:
    """Draw a line for each partition; a gap where it had no committed offset."""
    assert result.lag is not None
    figure = new_figure(3.2, f"{result.name}: lag")
    axes = figure.subplots()
    for partition, lags in result.lag.partitions.items():
        known = [math.nan if lag is None else lag for lag in lags]
        axes.plot(result.lag.at_s, known, label=f"partition {partition}")
    plain(axes, "records behind")
    axes.set_xlabel("seconds from the first measurement", fontsize=8)
    axes.set_ylim(0)
    axes.legend(frameon=False, fontsize=8)
    return figure
