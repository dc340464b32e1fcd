"""achieved rate and lateness: did the generator do what the load asks for?

The achieved rate is the slope of the least-squares line through the send times. Off by more
than the tolerance, or sent later than a tenth of the latency objective (p99), and the *generator*
failed, so both are INCONCLUSIVE rather than FAIL. Unless it had to wait because its queue was full,
for at least half of what was lost, and had processor time to spare: then the broker did not take
the records as fast as they came, which is the broker's FAIL. A client that gets too little of the
processor fills its queue as well, because it can't take the broker's answers.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import not_measured, passed_if
from support.clock import NS_PER_S
from support.results.measurements import Load
from support.results.schema import Check, Verdict

LATENESS_SHARE = 0.1
FULL_QUEUE_WAIT_S = 0.005
"""The generator tries again after so long when its queue is full."""
EXPLAINED = 0.5
"""The full queue accounts for at least this share of what was lost."""
SATURATED = 0.9
"""Of a core: the generator's Python runs on one, so above that it is the client that can't do
more."""


def slope_per_s(sent_ns: NDArray[np.int64]) -> float | None:
    """Records a second by least squares; None with fewer than two records."""
    if len(sent_ns) < 2:
        return None
    numbers = np.arange(len(sent_ns)) - (len(sent_ns) - 1) / 2
    times = sent_ns - sent_ns.mean()
    seconds_per_record = float((numbers * times).sum() / (numbers * numbers).sum()) / NS_PER_S
    return 1 / seconds_per_record if seconds_per_record > 0 else None


def achieved_rate(load: Load, percent: float) -> Check:
    achieved, target_per_s = load.achieved_rate_per_s, load.target_rate_per_s or 0
    objective = f"{target_per_s:g} records/s sent, within {percent:g} %"
    if achieved is None:
        return not_measured("achieved rate", "records/s", objective, "fewer than two records sent")
    right = abs(achieved - target_per_s) <= percent / 100 * target_per_s
    check = passed_if(right, "achieved rate", round(achieved, 3), "records/s", objective)
    late_s = load.records / achieved - load.records / target_per_s if target_per_s else 0.0
    return _blame(check, load, late_s)


def lateness(p99_ms: float | None, objective_ms: float, load: Load) -> Check:
    wanted = LATENESS_SHARE * objective_ms
    objective = f"p99 at most {wanted:g} ms, a tenth of the latency objective"
    if p99_ms is None:
        return not_measured("lateness of the generator", "ms", objective, "too few records sent")
    check = passed_if(
        p99_ms <= wanted, "lateness of the generator", round(p99_ms, 3), "ms", objective
    )
    return _blame(check, load, p99_ms / 1000)


def _blame(check: Check, load: Load, late_s: float) -> Check:
    """Say whose failure it is that records were `late_s` seconds late."""
    if check.verdict is Verdict.PASS:
        return check
    waited_s = load.buffer_full * FULL_QUEUE_WAIT_S
    told = f"the client's queue was full {load.buffer_full} times, for about {waited_s:.2f} s"
    if load.generator_cores < SATURATED and 0 < late_s <= waited_s / EXPLAINED:
        told += f" of {late_s:.2f} s lost: the broker did not keep up"
        return dataclasses.replace(check, verdict=Verdict.FAIL, evidence=(told,))
    why = (
        f"the generator managed {load.achieved_rate_per_s or 0:,.0f} of "
        f"{load.target_rate_per_s or 0:,.0f} records/s with {load.generator_cores:.0%} of a core: "
        "the machine is too busy, or the rate too high, to judge the broker"
    )
    evidence = (why, told) if load.buffer_full else (why,)
    return dataclasses.replace(check, verdict=Verdict.INCONCLUSIVE, evidence=evidence)
