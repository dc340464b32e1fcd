"""stability: a long load leaves the broker as it was.

memory stability: the broker's memory does not grow by more than a tenth of its limit while the
load lasts. Judged is the 95 % interval of the slope: PASS when all of it is below, FAIL when all of
it is above, INCONCLUSIVE when the limit lies inside. latency drift: p95 of the last minute is at
most twice that of the first, or below 5 ms (under which the noise of the machine decides).
INCONCLUSIVE with too few samples.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.checks.resources import MEMORY_LIMIT_BYTES
from support.results.measurements import Stability
from support.results.schema import Check

GROWTH_SHARE = 0.1
DRIFT, NOISE_MS = 2.0, 5.0


def memory_stability(seen: Stability | None, minutes: float) -> Check:
    limit = GROWTH_SHARE * MEMORY_LIMIT_BYTES / 2**20
    name, objective = "memory stability", f"growth below {limit:.0f} MiB in {minutes:g} min"
    if seen is None:
        return not_measured(name, "MiB/min", objective, "too few samples for a slope")
    told = f"95 % interval {seen.slope_low:.2f} to {seen.slope_high:.2f} MiB/min"
    least, most = seen.slope_low * minutes, seen.slope_high * minutes
    if least < limit <= most:
        why = f"{told}: between {least:.0f} and {most:.0f} MiB, so it can't be told"
        return not_measured(name, "MiB/min", objective, why)
    slope = round(seen.memory_slope_mib_per_min, 2)
    return passed_if(most < limit, name, slope, "MiB/min", objective, (told,))


def latency_drift(seen: Stability | None) -> Check:
    name, objective = "latency drift", f"p95 at most {DRIFT:g} times the first minute's"
    if seen is None or seen.first_minute_p95_ms is None or seen.last_minute_p95_ms is None:
        return not_measured(name, "times", objective, "too few samples")
    first, last = seen.first_minute_p95_ms, seen.last_minute_p95_ms
    evidence = (f"first minute {first:.2f} ms, last {last:.2f} ms",)
    right = last <= max(DRIFT * first, NOISE_MS)
    return passed_if(right, name, round(last / first, 2), "times", objective, evidence)
