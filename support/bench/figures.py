"""Figures of a bench and what they come to; pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
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
    """Ours over theirs: medians over repeats. `drift`: how far our own passes lie apart."""

    name: str
    ours: float
    theirs: float
    wanted: str
    reached: bool
    drift: float
    void: bool
    """Our own passes lie so far apart that the best and the worst of them disagree."""

    @property
    def value(self) -> float:
        return self.ours / self.theirs if self.theirs else float("inf")


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
    """More is better: ours must be at least `factor` times theirs."""
    a, b = statistics.median(ours), statistics.median(theirs)
    void = drift(ours) > DRIFT_LIMIT and min(ours) < factor * b <= max(ours)
    return Ratio(name, a, b, f">= {factor:g}", a >= factor * b, drift(ours), void)


def at_most(name: str, ours: Sequence[float], theirs: Sequence[float], factor: float) -> Ratio:
    """Less is better: ours must be at most `factor` times theirs."""
    a, b = statistics.median(ours), statistics.median(theirs)
    void = drift(ours) > DRIFT_LIMIT and min(ours) <= factor * b < max(ours)
    return Ratio(name, a, b, f"<= {factor:g}", a <= factor * b, drift(ours), void)


def drift(values: Sequence[float]) -> float:
    """Difference of the highest and the lowest value, over the median."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


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
