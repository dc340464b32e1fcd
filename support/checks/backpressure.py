"""backpressure: what a burst does to the client, and how soon it is over.

backpressure measured: librdkafka's queue was watched, and there was a steady load before the
burst to compare with. steady again: after the burst p95 came back to at most twice what it was
before, and stayed there until the end of the load. INCONCLUSIVE when the steady load before the
burst was not measured, or when latency had been steady for three seconds in time and was not later:
whether the burst or the machine did that can't be told.
"""

from __future__ import annotations

from support.checks.judged import measured, not_measured, passed_if
from support.results.measurements import Backpressure, ClientSplit
from support.results.schema import Check


def backpressure_measured(seen: Backpressure, client: ClientSplit | None) -> Check:
    name, objective = "backpressure measured", "queue depth, throttle time, full queues, drain time"
    if client is None or seen.drained_after_s is None:
        why = "the burst was not acknowledged whole" if client else "librdkafka gave no statistics"
        return not_measured(name, "records", objective, why)
    evidence = (
        f"throttled for at most {seen.throttle_max_ms} ms",
        f"queue full {seen.buffer_full} times",
        f"last record of the burst acknowledged {seen.drained_after_s:.3f} s after it was due",
    )
    return measured(name, seen.queue_depth_max, "records queued", evidence)


def steady_again(seen: Backpressure, within_s: float) -> Check:
    name, objective = "steady again", f"within {within_s:g} s after the burst, and from then on"
    if seen.steady_p95_ms is None:
        return not_measured(name, "s", objective, "no steady load before the burst")
    evidence = (f"p95 before the burst {seen.steady_p95_ms:.2f} ms",)
    again, calm = seen.steady_again_after_s, seen.first_calm_after_s
    if again is not None and again <= within_s:
        return passed_if(True, name, again, "s", objective, evidence)
    if calm is not None and calm <= within_s:
        why = f"{evidence[0]}; steady from {calm:g} s after the burst on, and later not any more"
        return not_measured(name, "s", objective, why)
    value, unit = ("not while the load lasted", "") if again is None else (again, "s")
    return passed_if(False, name, value, unit, objective, evidence)
