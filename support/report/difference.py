"""Which differences between the figures of two runs are significant.

A difference counts when it exceeds what such a machine does by itself: a quarter of the figure, or
the spread of its repeats if that is wider, and always a least amount of its unit. A figure that is
exact (something was lost) counts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from support.report.figures import Figure, Figures

NOISE = 0.25
"""Share of a figure: on a shared machine two runs without any change differ by up to a fifth."""

LEAST = {"changes": 1_000, "ms": 5.0, "s": 1.0, "MiB": 64.0, "cores": 0.15}
"""Unit -> the amount that a difference has to exceed, whatever its share."""


class Change(Enum):
    """How a figure compares with the base; the worst first."""

    WORSE = "✖ worse"
    BETTER = "✔ better"
    NONE = "no significant difference"


@dataclass(frozen=True)
class Compared:
    """One figure in both runs; `noise` is the share that a difference has to exceed."""

    key: str
    base: Figure
    now: Figure
    noise: float
    change: Change


def compare(base: Figures, now: Figures) -> Iterator[Compared]:
    """Compares the figures that both have."""
    for key in base.keys() & now.keys():
        before, after = base[key], now[key]
        noise = max(NOISE, before.spread, after.spread)
        yield Compared(key, before, after, noise, _change(before, after, noise))


def _change(base: Figure, now: Figure, noise: float) -> Change:
    if base.exact:
        return Change.WORSE if max(now.values) > max(base.values) else Change.NONE
    difference = now.median - base.median
    least = max(noise * abs(base.median), LEAST.get(base.unit, 0.0))
    if abs(difference) <= least:
        return Change.NONE
    return Change.BETTER if (difference > 0) == base.higher_is_better else Change.WORSE
