"""Chart: seconds of every start of a broker to its first acknowledged record."""

from __future__ import annotations

from support.report.charts import drawing
from support.report.charts.drawing import LEFT, RIGHT, TOP, WIDTH, Scale
from support.report.sections.startups import acked_s
from support.results.schema import ScenarioResult

ROW = 22


def draw(result: ScenarioResult, objective_s: float | None) -> str:
    """Draws a bar for each start; one beyond the limit has the colour of the limit."""
    times = acked_s(result)
    x = Scale(0, max([*times, objective_s or 0]) * 1.15 or 1, LEFT, WIDTH - RIGHT)
    bottom = TOP + ROW * len(times)
    bars = "".join(_bar(n, seconds, x, objective_s) for n, seconds in enumerate(times))
    line = ""
    if objective_s is not None:
        at = x(objective_s)
        line = f'<path class="limit" d="M{at} {TOP - 4}V{bottom}"/>'
        line += drawing.text(at, 12, f"limit {objective_s:g} s", "bad", "middle")
    seconds = [(value, f"{value:g} s") for value in drawing.ticks(0, x.high, 6)]
    listed = ", ".join(f"{each:.2f}" for each in times)
    words = f"{result.name}: {listed} s to the first acknowledged record"
    words += f"; the limit is {objective_s:g} s." if objective_s else "."
    return drawing.svg(bottom + 20, words, bars, line, drawing.labels_x(x, seconds, bottom))


def _bar(n: int, seconds: float, x: Scale, objective_s: float | None) -> str:
    top, right = TOP + ROW * n, x(seconds)
    over = objective_s is not None and seconds >= objective_s
    shape = f"M{LEFT} {top + 3}H{right}v{ROW - 6}H{LEFT}z"
    return (
        f'<path class="area {"no" if over else "c1"}" d="{shape}"/>'
        f"{drawing.text(LEFT - 6, top + 15, f'start {n + 1}', anchor='end')}"
        f"{drawing.text(right + 5, top + 15, f'{seconds:.2f} s')}"
    )
