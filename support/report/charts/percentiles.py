"""Chart: latency by percentile on log scales, from the usual records to the slowest."""

from __future__ import annotations

from hdrh.histogram import HdrHistogram
from matplotlib.figure import Figure

from support.report.charts.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    limit,
    log_of_milliseconds,
    new_figure,
)
from support.report.sections import load
from support.results.latency import LatencySummary
from support.results.schema import ScenarioResult

STATED = (0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999)
LABELLED = (0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999)


def draw(result: ScenarioResult, objective_ms: float | None) -> Figure:
    """Draw every distribution as far as it has enough samples."""
    figure = new_figure(3.6, f"{result.name}: latency by percentile")
    axes = figure.subplots()
    farthest = 0.0
    for label, summary, colour in _distributions(result):
        line = curve(summary) if summary else []
        if line:
            x, y = [_position(p) for p, _ in line], [ms for _, ms in line]
            axes.plot(x, y, label=label, color=colour, linewidth=1.5)
            farthest = max(farthest, line[-1][0])
    log_of_milliseconds(axes)
    if objective_ms is not None:
        limit(axes, objective_ms, f"limit {objective_ms:g} ms (p95)")
    shown = [p for p in LABELLED if p <= farthest]
    axes.set_xscale("log")
    axes.set_xticks([_position(p) for p in shown], [f"p{p:g}" for p in shown])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("percentile of the records (log of 1 / (1 - p))", fontsize=8)
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def _distributions(result: ScenarioResult) -> list[tuple[str, LatencySummary | None, str]]:
    """Returns label, figures and colour. Without a target rate, records have no due time."""
    assert result.latency is not None
    latency = result.latency
    paced = result.load is not None and result.load.target_rate_per_s is not None
    return [
        (load.JUDGED, latency.intended_to_ack if paced else None, BLUE),
        (load.SENT_TO_ACKED, latency.send_to_ack, ORANGE),
        (load.END_TO_END, latency.end_to_end, GREEN),
        (load.SCHEDULE_DELAY, latency.schedule_delay if paced else None, GREY),
    ]


def curve(summary: LatencySummary) -> list[tuple[float, float]]:
    """Return (percentile, ms) pairs while there are enough samples: 1 / (1 - p) of them."""
    if not summary.histogram:
        return []
    histogram = HdrHistogram.decode(summary.histogram)
    return [
        (p, histogram.get_value_at_percentile(p) / 1000)
        for p in STATED
        if summary.count * (100 - p) >= 99.999
    ]


def _position(percentile: float) -> float:
    return 100 / (100 - percentile)
