"""achieved rate, schedule delay: the load generator kept its schedule.

The achieved rate is the slope of the least-squares line through the send times; it must be within
the tolerance of the target rate. The schedule delay is the time from the intended to the actual
send time; its p99 must be at most a tenth of the latency limit.

INCONCLUSIVE when the generator itself missed its schedule. FAIL when the broker is the cause: the
client's queue was full for at least half of the lost time, and the generator had processor time
left. (A client with too little processor time also fills its queue, because it can't handle the
broker's responses.)
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import not_measured, passed_if
from support.clock import NS_PER_S
from support.results.limit import Limit, at_most
from support.results.load import Load
from support.results.schema import Check, Verdict
from support.results.units import counted

LATENESS_SHARE = 0.1
"""Share of the latency limit that the schedule delay may use."""
FULL_QUEUE_WAIT_S = 0.005
"""How long the generator waits before it tries again when its queue is full."""
EXPLAINED = 0.5
"""Share of the lost time that a full queue must account for."""
SATURATED = 0.9
"""Cores. The generator's Python code runs on one core; above this it is the bottleneck."""


def slope_per_s(sent_ns: NDArray[np.int64]) -> float | None:
    """Returns records per second by least squares.

    None with fewer than two records, or when all have the same time.
    """
    if len(sent_ns) < 2:
        return None
    numbers = np.arange(len(sent_ns)) - (len(sent_ns) - 1) / 2
    times = sent_ns - sent_ns.mean()
    seconds_per_record = float((numbers * times).sum() / (numbers * numbers).sum()) / NS_PER_S
    return 1 / seconds_per_record if seconds_per_record > 0 else None


def achieved_rate(load: Load, percent: float) -> Check:
    """Judges the rate of a load; the tolerance is in percent of its target rate."""
    achieved, target_per_s = load.achieved_rate_per_s, load.target_rate_per_s or 0
    objective = f"{target_per_s:,.10g} records/s, plus or minus {percent:g} %"
    if achieved is None:
        why = "fewer than two records were sent"
        return not_measured("achieved rate", "records/s", objective, why)
    right = abs(achieved - target_per_s) <= percent / 100 * target_per_s
    check = passed_if(right, "achieved rate", round(achieved, 3), "records/s", objective)
    late_s = load.records / achieved - load.records / target_per_s if target_per_s else 0.0
    return _blame(check, load, late_s)


def schedule_delay_limit(latency_ms: float) -> Limit:
    """Returns the limit of the schedule delay for a latency limit in milliseconds."""
    return at_most(LATENESS_SHARE * latency_ms, "ms")


def schedule_delay(p99_ms: float | None, limit: Limit, load: Load) -> Check:
    """Judges the p99 of the schedule delay."""
    name, objective = "schedule delay", f"p99 {limit}, a tenth of the latency limit"
    if p99_ms is None:
        return not_measured(name, "ms", objective, "too few records were sent for a p99")
    right, value = limit.allows(p99_ms), round(p99_ms, 3)
    check = passed_if(right, name, value, "ms", objective, limit=limit)
    return _blame(check, load, p99_ms / 1000)


def _blame(check: Check, load: Load, late_s: float) -> Check:
    """Decides whether the generator or the broker made records `late_s` seconds late."""
    if check.verdict is Verdict.PASS:
        return check
    waited_s = load.buffer_full * FULL_QUEUE_WAIT_S
    full = counted(load.buffer_full, "times")
    queue = f"the client's queue was full {full}, for about {waited_s:.2f} s"
    if load.generator_cores < SATURATED and 0 < late_s <= waited_s / EXPLAINED:
        queue += f" of the {late_s:.2f} s lost: the broker did not keep up"
        return dataclasses.replace(check, verdict=Verdict.FAIL, evidence=(queue,))
    why = (
        f"the generator sent {load.achieved_rate_per_s or 0:,.0f} of "
        f"{load.target_rate_per_s or 0:,.0f} records/s and used {load.generator_cores:.0%} of a "
        "core: the machine is too busy, or the rate too high, to judge the broker"
    )
    evidence = (why, queue) if load.buffer_full else (why,)
    return dataclasses.replace(check, verdict=Verdict.INCONCLUSIVE, evidence=evidence)
