"""mean and p95 latency: from the intended send time to the acknowledgement.

Counted from the intended time, a stall is felt by every record that was due in it. Records
that were never acknowledged have no latency: the check `accepted` speaks for them.
INCONCLUSIVE when there are too few acknowledged records to state the figure, or when it is
above the limit and the generator was late itself: its lateness is part of the figure then.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.results.measurements import LatencySummary
from support.results.schema import Check, Verdict

P95 = "p95 latency"
"""The name of the check that SC-001 is judged by."""


def latency_below(
    summary: LatencySummary, figure: str, limit_ms: float, punctuality: Check
) -> Check:
    """`figure` is mean, p50, p95, p99 or p999; `punctuality` is the check of the lateness."""
    value = getattr(summary, f"{figure}_ms")
    name, objective = f"{figure} latency", f"below {limit_ms:g} ms from the intended time"
    if value is None:
        why = f"{summary.count} acknowledged records are too few to state it"
        return not_measured(name, "ms", objective, why)
    if value >= limit_ms and punctuality.verdict is Verdict.INCONCLUSIVE:
        why = f"{value:.3f} ms, but the generator was late itself: {punctuality.measured} ms (p99)"
        return not_measured(name, "ms", objective, why)
    return passed_if(
        value < limit_ms, name, round(value, 3), "ms", objective, (f"{summary.count} records",)
    )
