"""The effect of a setting on each figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.report.difference import LEAST, NOISE
from support.report.figures import Figure, Figures, parts_of
from support.results.tuning import Effect

Legs = tuple[Figures, Figures, Figures]
"""The figures without the setting, with it, and without it again."""


def effects(legs: Legs, wanted: Sequence[str]) -> Iterator[Effect]:
    """Returns the effect on each `wanted` figure, by name, that all three runs have."""
    before, tried, again = legs
    for name in before.keys() & tried.keys() & again.keys():
        if parts_of(name)[1] in wanted:
            yield _effect(name, before[name], tried[name].median, again[name].median)


def _effect(name: str, first: Figure, tried: float, again: float) -> Effect:
    before, unit = first.median, first.unit
    low, high = min(before, again), max(before, again)
    margin = max(high - low, NOISE * (low + high) / 2, LEAST.get(unit, 0.0) / 2)
    away = tried < low - margin or tried > high + margin
    better = (tried > high) == first.higher_is_better
    return Effect(name, unit, before, tried, again, away, away and better)
