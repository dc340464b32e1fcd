"""Figures of a consumer group's lag over time."""

from __future__ import annotations

from support.checks.lag import caught_up
from support.clock import NS_PER_S
from support.record.lag import LAG
from support.record.record import Record
from support.results.consumer_lag import LagFigures


def lag_figures(record: Record) -> LagFigures | None:
    """Returns the lag of a group, in records by partition; None without a recorded lag."""
    seen = record.get(LAG)
    if seen is None:
        return None
    points = seen.points
    origin = points[0].at_ns if points else 0
    partitions = sorted({partition for point in points for partition in point.partitions})
    up = caught_up(points, seen.let_go_ns, seen.written).measured
    return LagFigures(
        peak=max((point.total or 0 for point in points), default=0),
        caught_up_s=up if isinstance(up, float) else None,
        at_s=tuple(round((point.at_ns - origin) / NS_PER_S, 2) for point in points),
        partitions={
            str(partition): tuple(point.partitions.get(partition) for point in points)
            for partition in partitions
        },
    )
