"""States the effect of a burst on the client, and when latency is steady again.

backpressure measured: the depth of librdkafka's queue, throttling, full queues and the time to
drain. The check can't FAIL. INCONCLUSIVE when librdkafka gave no statistics, or when part of the
burst was not acknowledged.

steady again: after the burst, p95 falls to at most twice its value before the burst within the
limit, and stays there until the end of the load. FAIL when it does not. INCONCLUSIVE when the load
before the burst was not measured, or when latency was steady for three seconds within the limit
and disturbed again later: the burst may not be the cause of that.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured, passed_if
from support.results.limit import Limit
from support.results.load import Backpressure, ClientSplit
from support.results.schema import Check
from support.results.units import counted


def backpressure_measured(seen: Backpressure, client: ClientSplit | None) -> Check:
    name, objective = "backpressure measured", "queue depth, throttle time, full queues, drain time"
    if client is None or seen.drained_after_s is None:
        unacked = "part of the burst was not acknowledged"
        why = unacked if client else "librdkafka gave no statistics"
        return not_measured(name, "records", objective, why)
    evidence = (
        f"throttled for at most {seen.throttle_max_ms} ms",
        f"queue full {counted(seen.buffer_full, 'times')}",
        f"last record of the burst acknowledged {seen.drained_after_s:.3f} s after it was due",
    )
    return measured(name, seen.queue_depth_max, "records queued", evidence)


def steady_again(seen: Backpressure, limit: Limit) -> Check:
    """Judges the time until latency was steady again; `limit` in seconds after the burst."""
    name, objective = "steady again", f"{limit} after the burst, until the end of the load"
    if seen.steady_p95_ms is None:
        return not_measured(name, "s", objective, "no steady load before the burst")
    evidence = (f"p95 before the burst {seen.steady_p95_ms:.2f} ms",)
    again, calm = seen.steady_again_after_s, seen.first_calm_after_s
    if again is not None and limit.allows(again):
        return passed_if(True, name, again, "s", objective, evidence)
    if calm is not None and limit.allows(calm):
        why = f"{evidence[0]}; steady {calm:g} s after the burst, and disturbed again later"
        return not_measured(name, "s", objective, why)
    value, unit = ("not before the load ended", "") if again is None else (again, "s")
    return passed_if(False, name, value, unit, objective, evidence)
