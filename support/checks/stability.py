"""Whether the broker stays stable under a long load.

memory stability: during the load, the broker's memory grows by less than a tenth of its limit.
Judged by the 95 % confidence interval of the slope: PASS when all of it is below the limit, FAIL
when all of it is above. INCONCLUSIVE when the limit lies inside the interval, or with too few
samples, SKIPPED on a target that can't sample the broker.

latency drift: p95 of the last minute is at most twice that of the first minute, or at most 5 ms,
below which the noise of the machine decides. FAIL when it is above both. INCONCLUSIVE with too few
samples.
"""

from __future__ import annotations

from support.checks.judged import left_out, not_measured, passed_if
from support.checks.resources import MEMORY_LIMIT_BYTES
from support.results.limit import at_most, below
from support.results.load import Stability
from support.results.schema import Check

GROWTH_SHARE = 0.1
DRIFT, NOISE_MS = 2.0, 5.0


def memory_stability(seen: Stability | None, minutes: float, lacking: str = "") -> Check:
    """Judges the slope of the broker's memory during a load of so many `minutes`.

    `lacking`: why this target's broker can't be sampled; empty where it can.
    """
    growth, unit = GROWTH_SHARE * MEMORY_LIMIT_BYTES / 2**20, "MiB/min"
    name, objective = "memory stability", f"growth below {growth:.0f} MiB in {minutes:.3g} min"
    if lacking:
        return left_out(name, unit, objective, lacking)
    if seen is None or not minutes or seen.memory_slope_mib_per_min is None:
        return not_measured(name, unit, objective, "too few samples for a slope")
    low, high = seen.slope_low or 0.0, seen.slope_high or 0.0
    interval = f"95 % interval {low:.2f} to {high:.2f} MiB/min"
    least, most = low * minutes, high * minutes
    if least < growth <= most:
        why = f"{interval}: growth between {least:.0f} and {most:.0f} MiB, with the limit inside"
        return not_measured(name, unit, objective, why)
    slope, limit = round(seen.memory_slope_mib_per_min, 2), below(round(growth / minutes, 2), unit)
    return passed_if(most < growth, name, slope, unit, objective, (interval,), limit)


def latency_drift(seen: Stability | None) -> Check:
    """Judges p95 of the last minute as a multiple of that of the first minute."""
    name, unit = "latency drift", "times"
    objective = f"p95 at most {DRIFT:g} times that of the first minute, or {NOISE_MS:g} ms"
    if seen is None or seen.first_minute_p95_ms is None or seen.last_minute_p95_ms is None:
        return not_measured(name, unit, objective, "too few samples")
    first, last = seen.first_minute_p95_ms, seen.last_minute_p95_ms
    evidence = (f"first minute {first:.2f} ms, last minute {last:.2f} ms",)
    limit = at_most(round(max(DRIFT, NOISE_MS / first), 2), unit)
    right = last <= max(DRIFT * first, NOISE_MS)
    return passed_if(right, name, round(last / first, 2), unit, objective, evidence, limit)
