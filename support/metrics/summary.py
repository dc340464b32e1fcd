"""Computes figures from timestamps: percentiles, if the samples suffice, and series over time."""

from __future__ import annotations

import base64

import numpy as np
from hdrh.histogram import HdrHistogram
from numpy.typing import NDArray

from support.clock import NS_PER_MS, NS_PER_S
from support.results.latency import LatencySummary, SeriesPoint

Stamps = NDArray[np.int64]

NEEDED = {500: 1, 950: 20, 990: 100, 999: 1000}
"""Percentile in per mille -> samples that it needs: 1 / (1 - p)."""

LOWEST_US, HIGHEST_US, DIGITS = 1, 3_600_000_000, 3
"""Range and precision of a histogram: 1 us to 1 h, three significant digits."""


def percentile_ns(ordered: Stamps, per_mille: int) -> int:
    """Returns the smallest value with at least `per_mille` of the samples at or below it.

    `ordered` must be ascending and not empty. Nearest-rank method: the rank is ceil(n * p / 1000),
    computed with integers.
    """
    rank = -(-len(ordered) * per_mille // 1000)
    return int(ordered[max(rank, 1) - 1])


def summarise(durations_ns: Stamps) -> LatencySummary:
    """Summarises durations in nanoseconds; a percentile without enough samples is None."""
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
    """Returns an HdrHistogram in base64, which can be merged with others.

    Values are in microseconds, clipped to LOWEST_US and HIGHEST_US.
    """
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
    """Returns latency from the intended time, and counts, for each interval of the load.

    `intended_ns` must be ascending; `acked_ns` is 0 for a record without an acknowledgement.
    `consumed_ns` are the times at which records were delivered to a consumer, in any order. An
    interval appears if a record was due, acknowledged or consumed in it: after an outage the last
    two happen in intervals in which none is due.
    """
    arrived = _count(acked_ns[acked_ns > 0], start_ns, interval_ns)
    consumed = _count(consumed_ns, start_ns, interval_ns) if consumed_ns is not None else None
    due = _due_by_slot(intended_ns, start_ns, interval_ns)
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


def _due_by_slot(intended_ns: Stamps, start_ns: int, interval_ns: int) -> dict[int, Stamps]:
    """Returns number of the interval -> positions of the records that are due in it."""
    slots = (intended_ns - start_ns) // interval_ns
    edges = np.flatnonzero(np.diff(slots)) + 1
    parts = np.split(np.arange(len(slots)), edges)
    return {int(slots[part[0]]): part for part in parts if len(part)}


def _count(stamps: Stamps, start_ns: int, interval_ns: int) -> dict[int, int]:
    """Returns number of the interval -> how many timestamps it contains."""
    slots, counts = np.unique((stamps - start_ns) // interval_ns, return_counts=True)
    return dict(zip(slots.tolist(), counts.tolist(), strict=True))


def _point(
    at_s: float,
    intended_ns: Stamps,
    acked_ns: Stamps,
    due: Stamps,
    arrived: int,
    consumed: int | None,
) -> SeriesPoint:
    """Makes the point of one interval; `due` are the positions of the records that were due."""
    acked = due[acked_ns[due] > 0]
    ordered = np.sort(acked_ns[acked] - intended_ns[acked])
    known = len(ordered) > 0
    return SeriesPoint(
        at_s=at_s,
        sent=len(due),
        acked=len(ordered),
        acks_arrived=arrived,
        p50_ms=percentile_ns(ordered, 500) / NS_PER_MS if known else None,
        p95_ms=percentile_ns(ordered, 950) / NS_PER_MS if known else None,
        max_ms=int(ordered[-1]) / NS_PER_MS if known else None,
        consumed=consumed,
    )
