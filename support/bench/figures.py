"""Figures of a bench and what they come to; pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRIFT_LIMIT = 0.2
"""Below +-20 % nothing is significant on a busy machine; above it a comparison that hangs on
it is void."""


@dataclass(frozen=True)
class Cost:
    """One pass over `records`: `seconds` of time, `cpu_s` of processor time."""

    records: int
    seconds: float
    cpu_s: float
    peak_rss_bytes: int = 0

    @property
    def per_s(self) -> float:
        return self.records / self.seconds

    @property
    def cpu_s_per_million(self) -> float:
        return self.cpu_s / self.records * 1e6


@dataclass(frozen=True)
class Pacing:
    """How evenly a tool sends at a rate, from the records' own stamps in the log."""

    error: float
    """|achieved - target| / target."""
    dispersion: float
    """Variance over mean of the records in each 10 ms: 0 is even, 1 is random, more is clumps."""
    lateness_p99_ms: float | None = None
    """Only ours knows when a record was due."""


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs. Each repeat is ours, theirs, ours: its ratio is of our mean to theirs."""

    name: str
    ours: float
    theirs: float
    value: float
    """The median of the repeats' ratios, in which a slow drift of the machine cancels out."""
    wanted: str
    reached: bool
    drift: float
    """How far our two passes of a repeat lie apart, over their mean: the median of the repeats."""
    void: bool
    """They lie far apart, and single passes disagree on whether the goal is reached."""


@dataclass(frozen=True)
class Goal:
    """A figure of ours that has a limit of its own."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def reached(self) -> bool:
        return self.value <= self.limit


def at_least(name: str, ours: Sequence[float], theirs: Sequence[float], factor: float) -> Ratio:
    """More is better: ours must be at least `factor` times theirs. Two of ours to one of theirs."""
    return _compare(name, ours, theirs, f">= {factor:g}", lambda ratio: ratio >= factor)


def at_most(name: str, ours: Sequence[float], theirs: Sequence[float], factor: float) -> Ratio:
    """Less is better: ours must be at most `factor` times theirs."""
    return _compare(name, ours, theirs, f"<= {factor:g}", lambda ratio: ratio <= factor)


def _compare(
    name: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    wanted: str,
    reaches: Callable[[float], bool],
) -> Ratio:
    around = list(zip(ours[0::2], ours[1::2], strict=True))
    means = [(before + after) / 2 for before, after in around]
    ratios = [a / b if b else float("inf") for a, b in zip(means, theirs, strict=True)]
    apart = statistics.median(
        abs(before - after) / mean if mean else 0.0
        for (before, after), mean in zip(around, means, strict=True)
    )
    value = statistics.median(ratios)
    single = [
        ours_once / b if b else float("inf")
        for pair, b in zip(around, theirs, strict=True)
        for ours_once in pair
    ]
    disagree = len({reaches(ratio) for ratio in single}) > 1
    return Ratio(
        name,
        statistics.median(ours),
        statistics.median(theirs),
        value,
        wanted,
        reaches(value),
        apart,
        apart > DRIFT_LIMIT and disagree,
    )


def dispersion(stamps_ms: NDArray[np.int64], bin_ms: int = 10) -> float:
    """Index of dispersion of the records in each `bin_ms`; first and last bin left out."""
    counts = np.bincount((stamps_ms - stamps_ms.min()) // bin_ms)[1:-1]
    return float(counts.var() / counts.mean()) if len(counts) and counts.mean() else 0.0


def pacing_error(stamps_ms: NDArray[np.int64], rate_per_s: int) -> float:
    """By the slope of the least-squares line through the stamps in order."""
    ordered = np.sort(stamps_ms)
    numbers = np.arange(len(ordered))
    per_record_ms = float(np.polyfit(numbers, ordered - ordered[0], 1)[0])
    return abs(1000 / per_record_ms - rate_per_s) / rate_per_s
