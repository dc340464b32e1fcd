"""How a consumer group falls behind and catches up.

lag reached: the group fell as far behind as the scenario says. The check can't FAIL. INCONCLUSIVE
when it did not.

lag never negative: the group's committed offset is never beyond the end of the log. FAIL when a
sample has a negative lag: the log was truncated, the topic was recreated, or a member committed an
offset that does not exist. INCONCLUSIVE when no sample has a committed offset.

lag caught up: the group reached the end of the log; with the time and rate. FAIL when some lag was
left. INCONCLUSIVE when the lag was not sampled both before and after the group was released.

lost to retention: the records that the broker deleted before the group had processed them are
found. They lie between the group's committed offset and the start of the log. A consumer does not
notice them, because auto.offset.reset lets it continue at the start of the log. FAIL when another
number is found than was deleted. INCONCLUSIVE when the group has no committed offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.checks.judged import measured, none_of, not_measured, passed_if
from support.clock import NS_PER_S
from support.record.lag import LagPoint
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

UNIT = "records"


def lag_reached(points: Sequence[LagPoint], wanted: int) -> Check:
    """Returns the highest lag of the group, which has to be at least `wanted` records."""
    name, objective = "lag reached", f"a lag of at least {counted(wanted, UNIT)}"
    peak = max(points, key=lambda point: point.total or 0, default=None)
    if peak is None or (peak.total or 0) < wanted:
        known = None if peak is None else peak.total
        why = "the lag is not known" if known is None else f"at most {counted(known, UNIT)} behind"
        return not_measured(name, UNIT, objective, why)
    lags = [f"partition {p}: {lag}" for p, lag in sorted(peak.partitions.items())]
    return measured(name, peak.total or 0, UNIT, lags)


def never_negative(points: Sequence[LagPoint]) -> Check:
    """Judges every sample of every partition.

    A sample reads the committed offsets before the end offsets, so that a group that reads along
    can't make it negative.
    """
    name, unit = "lag never negative", "negative lags"
    objective = "0 samples of a partition with a lag below 0"
    known = [
        (point.at_ns, partition, lag)
        for point in points
        for partition, lag in sorted(point.partitions.items())
        if lag is not None
    ]
    if not known:
        why = f"no committed offset in {counted(len(points), 'samples')}"
        return not_measured(name, unit, objective, why)
    start_ns = points[0].at_ns
    found = [
        f"partition {partition}: lag {lag} in the sample at {(at_ns - start_ns) / NS_PER_S:.1f} s"
        for at_ns, partition, lag in known
        if lag < 0
    ]
    lowest = min(lag for _, _, lag in known)
    return none_of(name, unit, objective, found, (f"lowest lag {lowest} in {len(known)} samples",))


def caught_up(points: Sequence[LagPoint], from_ns: int, written: int) -> Check:
    """Judges whether the lag became 0.

    `from_ns`: when the group was released (monotonic ns). `written`: records in the topic.
    """
    name, unit, objective = "lag caught up", "s", "a lag of 0 at the end"
    before = [point for point in points if point.at_ns <= from_ns and point.total is not None]
    after = [point for point in points if point.at_ns > from_ns and point.total is not None]
    samples = counted(len(points), "samples")
    if not before or not after or not written:
        why = f"{samples} of the lag, {counted(written, UNIT)} written"
        return not_measured(name, unit, objective, why)
    zero = next((point for point in after if point.total == 0), None)
    if zero is None:
        left = f"{counted(after[-1].total or 0, UNIT)} behind in the last sample"
        seconds = (after[-1].at_ns - from_ns) / NS_PER_S
        return passed_if(False, name, round(seconds, 1), unit, objective, (left,))
    seconds, behind = (zero.at_ns - from_ns) / NS_PER_S, before[-1].total or 0
    evidence = (f"{counted(behind, UNIT)} at {behind / seconds:,.0f} records/s", samples)
    return passed_if(True, name, round(seconds, 1), unit, objective, evidence)


def overtaken(committed: Mapping[int, int], starts: Mapping[int, int]) -> dict[int, int]:
    """Returns partition -> number of records deleted before the group had processed them.

    `committed`: partition -> committed offset, negative without one. `starts`: partition -> first
    offset of the log.
    """
    return {
        partition: starts[partition] - offset
        for partition, offset in committed.items()
        if 0 <= offset < starts.get(partition, 0)
    }


def lost_to_retention(
    committed: Mapping[int, int], starts: Mapping[int, int], deleted: int, seen: Sequence[str]
) -> Check:
    """Judges whether the `deleted` records are found.

    `committed` and `starts` as in overtaken(). `seen`: what consumers of the group received.
    """
    found_all = f"all {counted(deleted, 'deleted records')} found"
    name, objective, limit = "lost to retention", found_all, exactly(deleted, UNIT)
    if not any(offset >= 0 for offset in committed.values()):
        return not_measured(name, UNIT, objective, "the group has no committed offset")
    found = overtaken(committed, starts)
    lines = [
        f"partition {partition}: committed offset {committed[partition]}, the log starts at "
        f"{starts[partition]}: {counted(count, UNIT)} lost to retention"
        for partition, count in sorted(found.items())
    ]
    total, evidence = sum(found.values()), [*lines, *seen]
    return passed_if(limit.allows(total), name, total, UNIT, objective, evidence, limit)
