"""Chart: latency, acknowledgements and consumption over time."""

from __future__ import annotations

from itertools import pairwise

from support.report.charts import drawing
from support.report.charts.drawing import GAP, LEFT, PANEL, RIGHT, TOP, WIDTH, Scale
from support.results.schema import ScenarioResult

MIDDLE = TOP + PANEL + GAP
LOW = MIDDLE + PANEL * 2 // 3


def draw(result: ScenarioResult, objective_ms: float | None) -> str:
    """Draws p50, p95 and maximum by the time at which records were due, and rates below.

    The rates: acknowledged, consumed, and records that were never acknowledged.
    """
    first, last = result.series[0].at_s, result.series[-1].at_s + interval(result)
    x = Scale(first, max(last, first + 1), LEFT, WIDTH - RIGHT)
    seconds = [(value, f"{value:g} s") for value in drawing.ticks(x.low, x.high, 6)]
    words = f"{result.name}: {_what(result)} over time. {_in_words(result, objective_ms)}"
    return drawing.svg(
        LOW + 20,
        words,
        drawing.bands(result.faults, x, TOP, LOW, MIDDLE - GAP - 5),
        _latencies(result, x, objective_ms),
        _rates(result, x),
        drawing.labels_x(x, seconds, LOW),
    )


def _what(result: ScenarioResult) -> str:
    return "commit to arrival" if result.cdc else "latency"


def _in_words(result: ScenarioResult, objective_ms: float | None) -> str:
    highest = max((p.max_ms for p in result.series if p.max_ms is not None), default=0.0)
    parts = [f"The highest latency was {highest:,.0f} ms."]
    parts += [f"The limit is {objective_ms:g} ms."] if objective_ms else []
    parts += [
        f"{fault.name} from {fault.injected_at_s:.1f} to {fault.healed_at_s:.1f} s."
        for fault in result.faults
    ]
    return " ".join(parts)


def _latencies(result: ScenarioResult, x: Scale, objective_ms: float | None) -> str:
    points = [p for p in result.series if p.p50_ms is not None]
    lines = {
        "max": [(p.at_s, p.max_ms) for p in points],
        "p95": [(p.at_s, p.p95_ms) for p in points],
        "p50": [(p.at_s, p.p50_ms) for p in points],
    }
    known = [ms for each in lines.values() for _, ms in each if ms is not None and ms > 0]
    y = log_scale([*known, *filter(None, [objective_ms])], TOP + PANEL, TOP)
    kinds = ("c4", "c2", "c1")
    return "".join(
        [
            drawing.text(0, 12, f"{_what(result)}, ms (log)"),
            drawing.grid_y(y, drawing.decades(y.low, y.high)),
            *(
                drawing.line(each, x, y, kind)
                for each, kind in zip(lines.values(), kinds, strict=True)
            ),
            drawing.limit(
                y, objective_ms, f"limit {objective_ms:g} ms (p95)" if objective_ms else ""
            ),
            drawing.legend(zip(lines, kinds, strict=True), 12),
        ]
    )


def log_scale(values: list[float], start: float, end: float) -> Scale:
    """Returns a log scale from the power of ten below the values to some room above them."""
    low, high = min(values, default=1.0), max(values, default=10.0)
    decades = drawing.decades(low / 10, low)
    return Scale(decades[-1] if decades else low, high * 1.5, start, end, log=True)


def _rates(result: ScenarioResult, x: Scale) -> str:
    series, step = result.series, interval(result)
    arrived = [(p.at_s, p.acks_arrived / step) for p in series]
    consumed = [(p.at_s, None if p.consumed is None else p.consumed / step) for p in series]
    never = [(p.at_s, (p.sent - p.acked) / step) for p in series]
    highest = max([rate for each in (arrived, consumed, never) for _, rate in each if rate] or [1])
    y = Scale(0, highest, LOW, MIDDLE)
    labels = [("events arrived" if result.cdc else "acknowledged", "c1")]
    labels += [("consumed", "c3")] if any(rate is not None for _, rate in consumed) else []
    return "".join(
        [
            drawing.text(0, MIDDLE - 8, "records/s"),
            drawing.grid_y(y, drawing.ticks(0, highest, 2)),
            drawing.area(arrived, step, x, y, "c1"),
            drawing.line(consumed, x, y, "c3"),
            drawing.area(never, step, x, y, "no"),
            drawing.text(WIDTH / 2, MIDDLE - 8, "red: never acknowledged", "bad", "middle")
            if any(rate for _, rate in never)
            else "",
            drawing.legend(labels, MIDDLE - 8),
        ]
    )


def interval(result: ScenarioResult) -> float:
    """Returns the seconds of an interval; those without anything are left out of the series."""
    every = [p.at_s for p in result.series]
    return min((b - a for a, b in pairwise(every)), default=1.0)
