"""Shared by all charts: scales, lines, limits and bands as compact SVG.

A chart names no colour but classes, so that a page can show it light and dark; a file of its own
gets STYLE. Coordinates are whole numbers, which is finer than a screen shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from support.results.recovery import Fault

WIDTH, LEFT, RIGHT, TOP, PANEL, GAP = 640, 58, 18, 20, 120, 30
"""Width and margins of a chart, height of a panel (PANEL) and of the gap below it, in SVG units."""
COLOURS = ("c1", "c2", "c3", "c4")
"""Classes of lines, in the order in which a chart uses them."""
STYLE = """
svg{--c1:#1f5fa8;--c2:#b45309;--c3:#1e7a46;--c4:#5f6672;--bad:#b42318;--ink:#1c2430;--line:#d5d9e0;
--paper:#fff;background:var(--paper);font:12px system-ui,sans-serif}
@media(prefers-color-scheme:dark){svg{--c1:#7db4f5;--c2:#f0a45a;--c3:#6fcf97;--c4:#a9b0bc;
--bad:#ff8a80;--ink:#e8eaee;--line:#3a4250;--paper:#14181f}}
"""
RULES = """
.chart text{fill:var(--ink)}.chart path{fill:none;stroke-width:1.5}.chart .grid{stroke:var(--line);
stroke-width:1}.chart .limit{stroke:var(--bad);stroke-dasharray:5 4}.chart .bad{fill:var(--bad)}
.chart .band{fill:var(--bad);opacity:.14}.chart path.area{stroke:none;opacity:.45}
.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}.c4{stroke:var(--c4)}
.area.c1,.key.c1{fill:var(--c1)}.area.c3{fill:var(--c3)}.area.c4{fill:var(--c4)}.key.c2{fill:var(--c2)}.key.c3{fill:var(--c3)}
.key.c4{fill:var(--c4)}.area.no{fill:var(--bad);opacity:1}
"""
Points = Sequence[tuple[float, float | None]]
"""(x, y) in the order of x; no line is drawn to a y of None."""


@dataclass(frozen=True)
class Scale:
    """Maps a figure between `low` and `high` to a place between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> int:
        """Returns the place; a figure outside of the scale is put on its edge."""
        value = min(max(value, self.low), self.high)
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(value)
        share = (at - low) / (high - low) if high > low else 0.0
        return round(self.start + share * (self.end - self.start))


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Returns about `wanted` round figures between two figures."""
    if high <= low:
        return [low]
    rough = (high - low) / wanted
    power: float = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def decades(low: float, high: float) -> list[float]:
    """Returns the powers of ten between two figures."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**n for n in range(first, last + 1)]


def line(points: Points, x: Scale, y: Scale, kind: str) -> str:
    """Returns a line; of several points in one place the highest is drawn, so that peaks stay."""
    runs: list[dict[int, int]] = [{}]
    for at, value in points:
        if value is None or math.isnan(value):
            runs.append({})
            continue
        place = x(at)
        runs[-1][place] = min(y(value), runs[-1].get(place, y(value)))
    steps = "".join(_relative(list(run.items())) for run in runs if run)
    return f'<path class="{kind}" d="{steps}"/>' if steps else ""


def area(points: Sequence[tuple[float, float]], width: float, x: Scale, y: Scale, kind: str) -> str:
    """Returns bars side by side, each `width` wide on the scale, as one shape."""
    columns: dict[int, tuple[int, int]] = {}
    for at, value in points:
        left = x(at)
        right, top = max(x(at + width), left + 1), y(value)
        before = columns.get(left)
        columns[left] = (right, min(top, before[1]) if before else top)
    shape = _outline(columns, y(y.low))
    return f'<path class="area {kind}" d="{shape}"/>' if shape else ""


def _outline(columns: Mapping[int, tuple[int, int]], foot: int) -> str:
    """Returns the outline of columns that stand on `foot`; `columns`: left -> (right, top)."""
    steps, end = [], None
    for left, (right, top) in columns.items():
        if top == foot:
            continue
        if left != end:
            steps.append(f"M{left} {foot}" if end is None else f"V{foot}zM{left} {foot}")
        steps.append(f"V{top}H{right}")
        end = right
    return "".join(steps) + f"V{foot}z" if steps else ""


def _relative(run: list[tuple[int, int]]) -> str:
    (x0, y0), *rest = run
    steps = [f"M{x0} {y0}l0 0" if not rest else f"M{x0} {y0}l"]
    for x1, y1 in rest:
        steps.append(f"{x1 - x0} {y1 - y0} ")
        x0, y0 = x1, y1
    return "".join(steps).rstrip()


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Returns a text at a place."""
    marks = f' class="{kind}"' if kind else ""
    marks += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{marks}>{escape(words)}</text>'


def legend(labels: Iterable[tuple[str, str]], y: float) -> str:
    """Returns the labels with their colours, from the right; `labels`: (label, class)."""
    parts, at = [], WIDTH - RIGHT
    for label, kind in reversed(list(labels)):
        at -= 7 * len(label)
        parts += [
            text(at, y, label),
            f'<path class="key {kind}" d="M{at - 14} {y - 5}h10v2h-10z"/>',
        ]
        at -= 30
    return "".join(parts)


def grid_y(
    scale: Scale, at: Iterable[float], write: Callable[[float], str] = "{:,g}".format
) -> str:
    """Returns a horizontal line and a label for each figure."""
    parts = []
    for value in at:
        y = scale(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>')
        parts.append(text(LEFT - 6, y + 4, write(value), anchor="end"))
    return "".join(parts)


def labels_x(scale: Scale, at: Iterable[tuple[float, str]], y: float) -> str:
    """Returns labels below a panel that ends at `y`."""
    return "".join(text(scale(value), y + 15, label, anchor="middle") for value, label in at)


def limit(scale: Scale, value: float | None, label: str) -> str:
    """Returns a limit as a line across with its label above it; nothing without a limit."""
    if value is None:
        return ""
    y = scale(value)
    across = f'<path class="limit" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
    return across + text(LEFT + 4, y - 4, label, "bad")


def bands(faults: Iterable[Fault], x: Scale, top: float, bottom: float, named_at: float) -> str:
    """Returns the time of each fault as a band, with its name at the height `named_at`."""
    parts = []
    for fault in faults:
        left, right = x(fault.injected_at_s), x(fault.healed_at_s)
        parts.append(
            f'<rect class="band" x="{left}" y="{top:g}" width="{max(right - left, 1)}" '
            f'height="{bottom - top:g}"/>'
        )
        parts.append(text(left + 4, named_at, fault.name, "bad"))
    return "".join(parts)


def svg(height: float, words: str, *parts: str) -> str:
    """Returns the chart; `words` say what it shows to those who can't see it."""
    return (
        f'<svg class="chart" role="img" aria-label="{escape(words)}" '
        f'viewBox="0 0 {WIDTH} {height:g}">{"".join(parts)}</svg>'
    )


def as_file(chart: str) -> str:
    """Returns a chart as a file of its own, with the colours of the reader's scheme."""
    opened = '<svg xmlns="http://www.w3.org/2000/svg" '
    style = f"<style>{STYLE}{RULES}</style>".replace("\n", "")
    return chart.replace("<svg ", opened, 1).replace(">", f">{style}", 1) + "\n"
