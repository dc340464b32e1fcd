"""second opinion: Kafka's own tool and ours, on the same broker, one after the other.

Ours, theirs, ours again (A-B-A): what the two of ours differ by is the noise. Compared is what
both measure, sent to acknowledged. They agree on a figure when theirs lies between half of our
lower and twice our higher value, widened by 2 ms (theirs are whole milliseconds, and its clock
starts a little earlier). A disagreement is INCONCLUSIVE: one of the two instruments is wrong.

second opinion on reading: both were given the same records, and the same bytes within the rounding
of their tool. Rates are not compared: ours checks every record, theirs only counts them. Only where
they are apart by more than a factor of 4, one of the clocks must be wrong. INCONCLUSIVE where they
disagree.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.results.measurements import SecondOpinion, SecondReading
from support.results.schema import Check

FACTOR, WIDER_MS = 2.0, 2.0
RATE_FACTOR = 4.0
RATE_TOLERANCE = 0.05
"""Of the paced rate; theirs counts its start as well."""
PRECISION_BYTES = 2**20 // 10_000
"""Theirs prints MiB with four digits."""


def agreement(seen: SecondOpinion, count: int, rate_per_s: float) -> Check:
    """`count` records at `rate_per_s` were asked of each side."""
    name = "second opinion"
    objective = f"theirs within a factor of {FACTOR:g} of ours, give or take {WIDER_MS:g} ms"
    evidence, apart = [], []
    for side in (seen.ours_before, seen.theirs, seen.ours_after):
        slow = abs((side.records_per_s or 0) - rate_per_s) > RATE_TOLERANCE * rate_per_s
        if side.records != count or slow:
            why = f"{side.tool}: {side.records} of {count} records, {side.records_per_s or 0:.0f}/s"
            return not_measured(name, "ms", objective, why)
    for figure in ("mean", "p50", "p95"):
        ours = [getattr(side, f"{figure}_ms") for side in (seen.ours_before, seen.ours_after)]
        theirs = getattr(seen.theirs, f"{figure}_ms")
        if theirs is None or None in ours:
            return not_measured(name, "ms", objective, f"too few records to state {figure}")
        low, high = min(ours) / FACTOR - WIDER_MS, max(ours) * FACTOR + WIDER_MS
        evidence.append(f"{figure}: ours {ours[0]:.2f} and {ours[1]:.2f} ms, theirs {theirs:.2f}")
        if not low <= theirs <= high:
            apart.append(figure)
    if apart:
        why = f"they disagree on {', '.join(apart)}; " + "; ".join(evidence)
        return not_measured(name, "ms", objective, why)
    return passed_if(True, name, seen.theirs.p95_ms or 0, "ms (their p95)", objective, evidence)


def agreement_on_reading(seen: SecondReading, count: int) -> Check:
    """`count` records stand in the topic."""
    name = "second opinion on reading"
    objective = (
        "the same records, and the same bytes within the rounding of their tool "
        f"({PRECISION_BYTES}); rates are not compared, but for a factor above {RATE_FACTOR:g}, "
        "which would be a wrong clock"
    )
    ours, theirs = (seen.ours_before, seen.ours_after), seen.theirs
    rates = [one.records_per_s for one in ours]
    evidence = [
        f"{one.tool}: {one.records} records, {one.bytes} bytes, {one.records_per_s:,.0f} records/s"
        for one in (seen.ours_before, theirs, seen.ours_after)
    ]
    same = {one.records for one in (*ours, theirs)} == {count} and all(
        abs(one.bytes - theirs.bytes) <= PRECISION_BYTES for one in ours
    )
    alike = min(rates) / RATE_FACTOR <= theirs.records_per_s <= max(rates) * RATE_FACTOR
    if not count:
        return not_measured(name, "records", objective, "there was nothing to read")
    if not same or not alike:
        return not_measured(name, "records", objective, "they disagree; " + "; ".join(evidence))
    return passed_if(True, name, theirs.records, "records", objective, evidence)
