"""latency cross-check: Kafka's own tool measures the same latency as our load generator.

One after the other on the same broker: ours, theirs, ours again. The difference between our two
runs is the noise. The check compares the latency from sending to acknowledgement, which both tools
measure. They agree on a figure if theirs is at least half of our lower value and at most twice our
higher value, each with a margin of 2 ms: Kafka's tool states whole milliseconds, and starts its
clock a little earlier. The check can't FAIL. INCONCLUSIVE when they disagree, since one of the two
tools must be wrong, or when a run was too slow or too short.

reading cross-check: Kafka's own tool reads the same records as our reader, and the same bytes
within its rounding. The rates may differ, because our reader checks every record and Kafka's tool
only counts them; above a factor of 4, one of the clocks must be wrong. INCONCLUSIVE when they
disagree.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.results.cross_check import LatencyCrossCheck, ReadingCrossCheck
from support.results.schema import Check

FACTOR, WIDER_MS = 2.0, 2.0
RATE_FACTOR = 4.0
RATE_TOLERANCE = 0.05
"""Share of the target rate. Kafka's tool includes its own start in the duration."""
PRECISION_BYTES = 2**20 // 10_000
"""Rounding of Kafka's tool, which prints MiB with four decimals."""


def agreement(seen: LatencyCrossCheck, count: int, rate_per_s: float) -> Check:
    """Compares runs that had to send `count` records at `rate_per_s`."""
    name = "latency cross-check"
    objective = f"theirs within a factor of {FACTOR:g} of ours, plus or minus {WIDER_MS:g} ms"
    evidence, apart = [], []
    for side in (seen.ours_before, seen.theirs, seen.ours_after):
        slow = abs((side.records_per_s or 0) - rate_per_s) > RATE_TOLERANCE * rate_per_s
        if side.records != count or slow:
            rate = f"{side.records_per_s or 0:.0f} records/s"
            why = f"{side.tool}: {side.records} of {count} records at {rate}"
            return not_measured(name, "ms", objective, why)
    for figure in ("mean", "p50", "p95"):
        ours = [getattr(side, f"{figure}_ms") for side in (seen.ours_before, seen.ours_after)]
        theirs = getattr(seen.theirs, f"{figure}_ms")
        if theirs is None or None in ours:
            return not_measured(name, "ms", objective, f"too few records for a {figure}")
        low, high = min(ours) / FACTOR - WIDER_MS, max(ours) * FACTOR + WIDER_MS
        ours_ms = f"{ours[0]:.2f} and {ours[1]:.2f} ms"
        evidence.append(f"{figure}: ours {ours_ms}, theirs {theirs:.2f} ms")
        if not low <= theirs <= high:
            apart.append(figure)
    if apart:
        why = f"the tools disagree on {', '.join(apart)}; " + "; ".join(evidence)
        return not_measured(name, "ms", objective, why)
    return passed_if(True, name, seen.theirs.p95_ms or 0, "ms (their p95)", objective, evidence)


def agreement_on_reading(seen: ReadingCrossCheck, count: int) -> Check:
    """Compares readings of a topic that holds `count` records."""
    name = "reading cross-check"
    objective = (
        f"the same records, the same bytes within {PRECISION_BYTES} (the rounding of Kafka's "
        f"tool), and rates within a factor of {RATE_FACTOR:g}"
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
        return not_measured(name, "records", objective, "the topic was empty")
    if not same or not alike:
        why = "the tools disagree; " + "; ".join(evidence)
        return not_measured(name, "records", objective, why)
    return passed_if(True, name, theirs.records, "records", objective, evidence)
