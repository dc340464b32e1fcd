"""Chart: latency by percentile on log scales, from the usual records to the slowest."""

from __future__ import annotations

from hdrh.histogram import HdrHistogram

from support.report.charts import drawing
from support.report.charts.drawing import LEFT, PANEL, RIGHT, TOP, WIDTH, Scale
from support.report.charts.latency import log_scale
from support.report.sections import load
from support.results.latency import LatencySummary
from support.results.schema import ScenarioResult

STATED = (0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999)
LABELLED = (0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999)


BOTTOM = TOP + PANEL * 3 // 2


def draw(result: ScenarioResult, objective_ms: float | None) -> str:
    """Draws every distribution as far as it has enough samples."""
    found = [(label, curve(each) if each else [], kind) for label, each, kind in _of(result)]
    curves = [each for each in found if each[1]]
    farthest = max((points[-1][0] for _, points, _ in curves), default=50.0)
    known = [ms for _, points, _ in curves for _, ms in points if ms > 0]
    x = Scale(1, _position(farthest), LEFT, WIDTH - RIGHT - 12, log=True)
    y = log_scale([*known, *filter(None, [objective_ms])], BOTTOM, TOP)
    shown = [(_position(p), f"p{p:g}") for p in LABELLED if p <= farthest]
    return drawing.svg(
        BOTTOM + 20 + 16 * len(curves),
        f"{result.name}: latency by percentile. {_in_words(curves)}",
        drawing.text(0, 12, "latency, ms (log)"),
        drawing.grid_y(y, drawing.decades(y.low, y.high)),
        *(
            drawing.line([(_position(p), ms or y.low) for p, ms in points], x, y, kind)
            for _, points, kind in curves
        ),
        drawing.limit(y, objective_ms, f"limit {objective_ms:g} ms (p95)" if objective_ms else ""),
        drawing.labels_x(x, shown, BOTTOM),
        *(
            drawing.legend([(label, kind)], BOTTOM + 32 + 16 * n)
            for n, (label, _, kind) in enumerate(curves)
        ),
    )


def _in_words(curves: list[tuple[str, list[tuple[float, float]], str]]) -> str:
    return " ".join(
        f"{label}: {points[-1][1]:,.1f} ms at p{points[-1][0]:g}." for label, points, _ in curves
    )


def _of(result: ScenarioResult) -> list[tuple[str, LatencySummary | None, str]]:
    """Returns label, figures and class. Without a target rate, records have no due time."""
    assert result.latency is not None
    latency = result.latency
    paced = result.load is not None and result.load.target_rate_per_s is not None
    return [
        (load.JUDGED, latency.intended_to_ack if paced else None, "c1"),
        (load.SENT_TO_ACKED, latency.send_to_ack, "c2"),
        (load.END_TO_END, latency.end_to_end, "c3"),
        (load.SCHEDULE_DELAY, latency.schedule_delay if paced else None, "c4"),
    ]


def curve(summary: LatencySummary) -> list[tuple[float, float]]:
    """Returns (percentile, ms) pairs while there are enough samples: 1 / (1 - p) of them."""
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
