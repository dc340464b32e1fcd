"""The timeline of a scenario with a fault: the same scale for all, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from support.report import tags
from support.report.charts import drawing
from support.report.charts.drawing import Scale
from support.report.charts.latency import interval
from support.results.latency import SeriesPoint
from support.results.schema import ScenarioResult

BEFORE_S, AFTER_S = 5.0, 40.0
"""Seconds that a timeline shows around the first fault's beginning, or the load's without one."""
WIDTH, LANE, GAP = 450, 14, 3
PER_SECOND = WIDTH / (BEFORE_S + AFTER_S)
SHORTEST_S = 1.0
"""A shorter stall is not marked."""
TICKS = (0, 10, 20, 30)
KINDS = ("c4", "c1", "c3")
"""Classes of the lanes, with the colours of the other charts."""

Lanes = dict[str, Sequence[int | None]]


@dataclass(frozen=True)
class Wait:
    """The longest stall, or the restart of a consumer: place in percent of the width, length."""

    left: float
    width: float
    words: str


@dataclass(frozen=True)
class Timeline:
    """`svg`: lanes and marks without any text. `words`: the same for those who can't see it."""

    svg: str
    lanes: tuple[str, ...]
    words: str
    wait: Wait | None


def timeline(s: ScenarioResult) -> Timeline | None:
    """Returns the timeline; None for a scenario without a fault, unless it is about delivery."""
    if not (s.faults or (s.series and tags.DELIVERY in s.tags)):
        return None
    start = s.faults[0].injected_at_s if s.faults else s.series[0].at_s
    x = Scale(start - BEFORE_S, start + AFTER_S, 0, WIDTH)
    lanes = _lanes(s)
    height = max(len(lanes), 1) * (LANE + GAP)
    shapes = [*_grid(height), *_marks(s, x, height), *_areas(s, lanes, x)]
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(shapes)}</svg>"
    )
    return Timeline(svg, tuple(lanes), _words(s), _wait(s, x))


def _lanes(s: ScenarioResult) -> Lanes:
    if not s.series:
        return {}
    if s.cdc:
        return {
            "changes": [p.sent for p in s.series],
            "events": [p.acks_arrived for p in s.series],
        }
    lanes: Lanes = {
        "produced": [p.sent for p in s.series],
        "acknowledged": [p.acks_arrived for p in s.series],
    }
    consumed = [p.consumed for p in s.series]
    return {**lanes, "consumed": consumed} if any(n is not None for n in consumed) else lanes


def _grid(height: float) -> list[str]:
    places = (round((BEFORE_S + tick) * PER_SECOND) for tick in TICKS)
    return [f'<path class="grid" d="M{x} 0V{height:g}"/>' for x in places]


def _areas(s: ScenarioResult, lanes: Lanes, x: Scale) -> list[str]:
    """Returns a shape for each lane; a usual interval fills half of it, a peak the whole."""
    usual = median([p.sent for p in s.series if p.sent] or [1])
    shapes = []
    for n, (values, kind) in enumerate(zip(lanes.values(), KINDS, strict=False)):
        top = n * (LANE + GAP)
        y = Scale(0, 2 * usual, top + LANE, top)
        shown = [
            (p.at_s, float(value or 0))
            for p, value in zip(s.series, values, strict=True)
            if x.low <= p.at_s < x.high
        ]
        shapes.append(drawing.area(shown, interval(s), x, y, kind))
    return shapes


def _marks(s: ScenarioResult, x: Scale, height: float) -> list[str]:
    """Returns what was broken, the heal, and the first new record after it."""
    shapes = []
    for fault in s.faults:
        at, healing, end = x(fault.injected_at_s), x(fault.heal_began_at_s), x(fault.healed_at_s)
        shapes.append(_rect("broken", at, max(healing - at, 3), height))
        shapes.append(_rect("healing", healing, max(end - healing, 1), height))
    if s.faults and s.recovery and s.recovery.recovery_s is not None:
        again = s.faults[-1].heal_began_at_s + s.recovery.recovery_s
        shapes.append(_rect("again", x(again), 3, height) if again < x.high else "")
    return shapes


def _rect(kind: str, left: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{left:g}" width="{width:g}" height="{height:g}"/>'


def _wait(s: ScenarioResult, x: Scale) -> Wait | None:
    """Returns where nothing was acknowledged, or how long a restarted consumer processed nothing.

    A stall ends with an arrival. Draws no stall that is longer than every gap between arrivals.
    """
    back = s.recovery
    if back and back.consumer_restart_s is not None:
        return _bar(s.faults[0].heal_began_at_s, back.consumer_restart_s, x) if s.faults else None
    if not back or not s.series or not back.stall_s or back.stall_s < SHORTEST_S:
        return None
    end, length = _longest_gap(s.series)
    fits = back.stall_s <= length + 2 * interval(s)
    return _bar(end - back.stall_s, back.stall_s, x) if fits else None


def _bar(begin: float, seconds: float, x: Scale) -> Wait:
    left, right = (x(at) / WIDTH * 100 for at in (begin, begin + seconds))
    longer = " ▸" * (begin + seconds > x.high)
    return Wait(round(left, 1), round(right - left, 1), f"{seconds:.1f} s{longer}")


def _longest_gap(series: Sequence[SeriesPoint]) -> tuple[float, float]:
    """Returns end and length of the longest time without an arrival."""
    arrived = [p.at_s for p in series if p.acks_arrived]
    length, end = max(((b - a, b) for a, b in pairwise(arrived)), default=(0.0, 0.0))
    return end, length


def _words(s: ScenarioResult) -> str:
    """Returns the timeline as sentences."""
    parts = [
        f"{fault.name}: began at {fault.injected_at_s:.1f} s, healed at {fault.healed_at_s:.1f} s."
        for fault in s.faults
    ]
    back = s.recovery
    if back and back.stall_s is not None:
        waits = "no change arrived" if s.cdc else "nothing was acknowledged"
        parts.append(f"The longest time in which {waits}: {back.stall_s:.1f} s.")
    if back and back.recovery_s is not None:
        first = "event" if s.cdc else "acknowledgement"
        parts.append(f"The first new {first} came {back.recovery_s:.1f} s after the heal began.")
    return " ".join(parts or ["No fault was injected."])
