"""A consumer group that is far behind.

lag reached: whether it was as far behind as the scenario claims. INCONCLUSIVE when it was not.
caught up: whether the group came to the end of the log, how long that took and how many records a
second; FAIL with the lag that was left.
lost to retention: records that the broker deleted before the group had processed them: where the
log begins after the group's committed offset. A consumer does not notice (auto.offset.reset lets
it go on at the beginning), so they are counted here. INCONCLUSIVE without a committed offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.checks.judged import measured, not_measured, passed_if
from support.clock import NS_PER_S
from support.metrics.lag import LagPoint
from support.results.schema import Check

UNIT = "records"


def lag_reached(points: Sequence[LagPoint], wanted: int) -> Check:
    name, objective = "lag reached", f"a lag of at least {wanted} by Kafka's word"
    peak = max(points, key=lambda point: point.total or 0, default=None)
    if peak is None or (peak.total or 0) < wanted:
        return not_measured(name, UNIT, objective, f"it was {peak.total if peak else 'not seen'}")
    told = [f"partition {p}: {lag}" for p, lag in sorted(peak.partitions.items())]
    return measured(name, peak.total or 0, UNIT, told)


def caught_up(points: Sequence[LagPoint], from_ns: int, written: int) -> Check:
    """`from_ns`: when the group was let go; `written`: records in the topic."""
    name, unit, objective = "lag caught up", "s", "a lag of 0 at the end (time and rate reported)"
    before = [point for point in points if point.at_ns <= from_ns and point.total is not None]
    after = [point for point in points if point.at_ns > from_ns and point.total is not None]
    if not before or not after or not written:
        return not_measured(name, unit, objective, f"{len(points)} looks at the lag")
    zero = next((point for point in after if point.total == 0), None)
    if zero is None:
        left = f"{after[-1].total} records behind at the last look"
        seconds = (after[-1].at_ns - from_ns) / NS_PER_S
        return passed_if(False, name, round(seconds, 1), unit, objective, (left,))
    seconds, behind = (zero.at_ns - from_ns) / NS_PER_S, before[-1].total or 0
    told = (f"{behind} records at {behind / seconds:,.0f} records/s", f"{len(points)} looks")
    return passed_if(True, name, round(seconds, 1), unit, objective, told)


def overtaken(committed: Mapping[int, int], starts: Mapping[int, int]) -> dict[int, int]:
    """Partition -> records that were deleted before the group had processed them."""
    return {
        partition: starts[partition] - offset
        for partition, offset in committed.items()
        if 0 <= offset < starts.get(partition, 0)
    }


def lost_to_retention(
    committed: Mapping[int, int], starts: Mapping[int, int], deleted: int, seen: Sequence[str]
) -> Check:
    """That the `deleted` records are found as lost; `seen`: what consumers were told."""
    name, objective = "lost to retention", f"the {deleted} deleted records are found and counted"
    if not any(offset >= 0 for offset in committed.values()):
        return not_measured(name, UNIT, objective, "the group has no committed offset")
    found = overtaken(committed, starts)
    told = [
        f"partition {partition}: committed {committed[partition]}, the log begins at "
        f"{starts[partition]}: {count} lost to retention"
        for partition, count in sorted(found.items())
    ]
    total = sum(found.values())
    return passed_if(total == deleted, name, total, UNIT, objective, [*told, *seen])
