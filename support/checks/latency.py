"""mean latency, p95 latency: from the intended send time to the acknowledgement.

Because the intended time counts, a stall delays every record that was due in it. Records that were
never acknowledged have no latency; the check `accepted` covers them. FAIL when the figure exceeds
its limit. INCONCLUSIVE when there are too few acknowledged records for the figure, or when it
exceeds its limit and the load generator was late itself: its delay is part of the figure.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.results.latency import LatencySummary
from support.results.limit import Limit
from support.results.schema import Check, Verdict
from support.results.units import counted

P95 = "p95 latency"
"""Name of the check that judges SC-001."""


def latency_within(
    summary: LatencySummary, figure: str, limit: Limit, schedule_delay: Check
) -> Check:
    """Judges one figure of a latency.

    `figure`: mean, p50, p95, p99 or p999. `limit`: in ms. `schedule_delay`: the check of that
    name.
    """
    value = getattr(summary, f"{figure}_ms")
    name, objective = f"{figure} latency", f"{limit} from the intended send time"
    records = counted(summary.count, "acknowledged records")
    if value is None:
        return not_measured(name, "ms", objective, f"too few for a {figure}: {records}")
    right = limit.allows(value)
    if not right and schedule_delay.verdict is Verdict.INCONCLUSIVE:
        late = f"the generator itself was {schedule_delay.measured} ms late (p99)"
        return not_measured(name, "ms", objective, f"{value:.3f} ms, but {late}")
    return passed_if(right, name, round(value, 3), "ms", objective, (records,), limit)
