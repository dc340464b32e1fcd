"""Chart: lag of each partition over time."""

from __future__ import annotations

from support.report.charts import drawing
from support.report.charts.drawing import COLOURS, LEFT, PANEL, RIGHT, TOP, WIDTH, Scale
from support.results.schema import ScenarioResult

BOTTOM = TOP + PANEL


def draw(result: ScenarioResult, _objective: float | None) -> str:
    """Draws a line for each partition; a gap where it had no committed offset."""
    lag = result.lag
    assert lag is not None
    highest = max([n for each in lag.partitions.values() for n in each if n is not None] or [1])
    x = Scale(min(lag.at_s, default=0.0), max(lag.at_s, default=1.0), LEFT, WIDTH - RIGHT)
    y = Scale(0, max(highest, 1), BOTTOM, TOP)
    kinds = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(lag.partitions)}
    seconds = [(value, f"{value:g} s") for value in drawing.ticks(x.low, x.high, 6)]
    return drawing.svg(
        BOTTOM + 20,
        f"{result.name}: lag of each partition over time, at most {highest:,} records.",
        drawing.text(0, 12, "records behind"),
        drawing.grid_y(y, drawing.ticks(0, y.high)),
        *(
            drawing.line(list(zip(lag.at_s, lags, strict=False)), x, y, kinds[name])
            for name, lags in lag.partitions.items()
        ),
        drawing.legend(((f"partition {name}", kind) for name, kind in kinds.items()), 12),
        drawing.labels_x(x, seconds, BOTTOM),
    )
