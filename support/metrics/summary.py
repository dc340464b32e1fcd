"""From stamps to figures: percentiles with enough samples only, and series over time."""

from __future__ import annotations

import base64

import numpy as np
from hdrh.histogram import HdrHistogram
from numpy.typing import NDArray

from support.clock import NS_PER_MS, NS_PER_S
from support.results.measurements import LatencySummary, SeriesPoint

Stamps = NDArray[np.int64]

NEEDED = {500: 1, 950: 20, 990: 100, 999: 1000}
"""Per mille -> samples below which that percentile is not stated (1 / (1 - p))."""

LOWEST_US, HIGHEST_US, DIGITS = 1, 3_600_000_000, 3


def percentile_ns(ordered: Stamps, per_mille: int) -> int:
    """The smallest value with at least `per_mille` of the samples at or below it.

    `ordered` ascending and not empty; the rank is integer arithmetic, ceil(n * p / 1000).
    """
    rank = -(-len(ordered) * per_mille // 1000)
    return int(ordered[max(rank, 1) - 1])


def summarise(durations_ns: Stamps) -> LatencySummary:
    """Mean, percentiles, maximum and histogram of durations in nanoseconds."""
    if len(durations_ns) == 0:
        return LatencySummary(0, None, None, None, None, None, None)
    ordered = np.sort(durations_ns)
    stated = {
        p: percentile_ns(ordered, p) / NS_PER_MS if len(ordered) >= needed else None
        for p, needed in NEEDED.items()
    }
    return LatencySummary(
        len(ordered),
        float(ordered.mean()) / NS_PER_MS,
        stated[500],
        stated[950],
        stated[990],
        stated[999],
        int(ordered[-1]) / NS_PER_MS,
        encode_histogram(ordered),
    )


def encode_histogram(durations_ns: Stamps) -> str:
    """An HdrHistogram that other runs' can be added to; values are clipped to 1 us .. 1 h."""
    histogram = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
    micros = np.clip(durations_ns // 1000, LOWEST_US, HIGHEST_US)
    values, counts = np.unique(micros, return_counts=True)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        histogram.record_value(value, count)
    encoded = histogram.encode()
    return encoded.decode() if isinstance(encoded, bytes) else base64.b64encode(encoded).decode()


def over_time(
    intended_ns: Stamps,
    acked_ns: Stamps,
    start_ns: int,
    interval_ns: int,
    consumed_ns: Stamps | None = None,
) -> tuple[SeriesPoint, ...]:
    """Latency from the intended time in intervals of it; `acked_ns` is 0 where none came.

    Intervals in which nothing was due are there when something arrived: a backlog after an outage.
    `consumed_ns`: when a consumer was given a record, in any order.
    """
    arrived = _count(acked_ns[acked_ns > 0], start_ns, interval_ns)
    consumed = _count(consumed_ns, start_ns, interval_ns) if consumed_ns is not None else None
    slots = (intended_ns - start_ns) // interval_ns
    edges = np.flatnonzero(np.diff(slots)) + 1
    due = {
        int(slots[part[0]]): part for part in np.split(np.arange(len(slots)), edges) if len(part)
    }
    nothing = np.empty(0, np.int64)
    return tuple(
        _point(
            slot * interval_ns / NS_PER_S,
            intended_ns,
            acked_ns,
            due.get(slot, nothing),
            arrived.get(slot, 0),
            None if consumed is None else consumed.get(slot, 0),
        )
        for slot in sorted(due.keys() | arrived.keys() | (consumed or {}).keys())
    )


def _count(stamps: Stamps, start_ns: int, interval_ns: int) -> dict[int, int]:
    """Interval -> how many fall into it."""
    slots, counts = np.unique((stamps - start_ns) // interval_ns, return_counts=True)
    return dict(zip(slots.tolist(), counts.tolist(), strict=True))


def _point(
    at_s: float,
    intended_ns: Stamps,
    acked_ns: Stamps,
    part: Stamps,
    arrived: int,
    consumed: int | None,
) -> SeriesPoint:
    """`part`: the places of the records that were due in the interval."""
    acked = part[acked_ns[part] > 0]
    ordered = np.sort(acked_ns[acked] - intended_ns[acked])
    known = len(ordered) > 0
    return SeriesPoint(
        at_s=at_s,
        sent=len(part),
        acked=len(ordered),
        acks_arrived=arrived,
        p50_ms=percentile_ns(ordered, 500) / NS_PER_MS if known else None,
        p95_ms=percentile_ns(ordered, 950) / NS_PER_MS if known else None,
        max_ms=int(ordered[-1]) / NS_PER_MS if known else None,
        consumed=consumed,
    )
