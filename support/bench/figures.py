"""Figures of a bench, and their comparison with those of Kafka's tools."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRIFT_LIMIT = 0.2
"""Two passes on a busy machine differ by up to 20 %. With more drift a comparison is void, unless
every single pass has the same result."""


@dataclass(frozen=True)
class Cost:
    """The cost of one pass over `records`: `seconds`, and `cpu_s` of processor time."""

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
    """How evenly a tool sends at a rate, from the timestamps of the records in the log."""

    error: float
    """|achieved - target| / target."""
    dispersion: float
    """Variance over mean of the records in each 10 ms: 0 even, 1 random, above 1 in clumps."""
    lateness_p99_ms: float | None = None
    """Schedule delay; None for a tool that does not record when a record was due."""


@dataclass(frozen=True)
class Ratio:
    """Our figure over theirs. A repeat is ours, theirs, ours; its ratio uses the mean of ours."""

    name: str
    ours: float
    theirs: float
    value: float
    """The median of the repeats' ratios; a slow drift of the machine cancels out in it."""
    wanted: str
    reached: bool
    drift: float
    """Difference of our two passes in a repeat over their mean: the median of the repeats."""
    void: bool
    """The drift is large, and single passes disagree on whether the goal is reached."""


@dataclass(frozen=True)
class Goal:
    """A figure of our instruments with its own upper limit."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def reached(self) -> bool:
        return self.value <= self.limit


def at_least(name: str, ours: Sequence[float], theirs: Sequence[float], factor: float) -> Ratio:
    """Compares figures of which more is better: ours must be at least `factor` times theirs.

    `ours` has two passes for each of `theirs`.
    """
    return _compare(name, ours, theirs, f">= {factor:g}", lambda ratio: ratio >= factor)


def at_most(name: str, ours: Sequence[float], theirs: Sequence[float], factor: float) -> Ratio:
    """Compares figures of which less is better: ours must be at most `factor` times theirs."""
    return _compare(name, ours, theirs, f"<= {factor:g}", lambda ratio: ratio <= factor)


def _compare(
    name: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    wanted: str,
    reaches: Callable[[float], bool],
) -> Ratio:
    pairs = list(zip(ours[0::2], ours[1::2], strict=True))
    means = [(before + after) / 2 for before, after in pairs]
    value = statistics.median(_ratio(a, b) for a, b in zip(means, theirs, strict=True))
    single = {
        reaches(_ratio(one, b)) for pair, b in zip(pairs, theirs, strict=True) for one in pair
    }
    drift = statistics.median(map(_drift, pairs))
    return Ratio(
        name,
        statistics.median(ours),
        statistics.median(theirs),
        value,
        wanted,
        reaches(value),
        drift,
        drift > DRIFT_LIMIT and len(single) > 1,
    )


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else float("inf")


def _drift(pair: tuple[float, float]) -> float:
    """The difference of two passes over their mean."""
    before, after = pair
    mean = (before + after) / 2
    return abs(before - after) / mean if mean else 0.0


def dispersion(stamps_ms: NDArray[np.int64], bin_ms: int = 10) -> float:
    """Returns the index of dispersion of the records in bins of `bin_ms`, without first and last.

    Source: variance-to-mean ratio of counts, 1 for a Poisson process.
    """
    counts = np.bincount((stamps_ms - stamps_ms.min()) // bin_ms)[1:-1]
    return float(counts.var() / counts.mean()) if len(counts) and counts.mean() else 0.0


def pacing_error(stamps_ms: NDArray[np.int64], rate_per_s: int) -> float:
    """Returns the relative error of the rate: the slope of the least-squares line of the stamps."""
    ordered = np.sort(stamps_ms)
    numbers = np.arange(len(ordered))
    per_record_ms = float(np.polyfit(numbers, ordered - ordered[0], 1)[0])
    return abs(1000 / per_record_ms - rate_per_s) / rate_per_s
