"""achieved rate and lateness: did the generator do what the load asks for?

The achieved rate is the slope of the least-squares line through the send times. Off by more
than the tolerance, or sent later than a tenth of the latency objective (p99), and the *generator*
failed, so both are INCONCLUSIVE rather than FAIL. Unless its queue was full: then the broker
did not take the records as fast as they came, which is the broker's FAIL.
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
    return _blame(check, load)


def lateness(p99_ms: float | None, objective_ms: float, load: Load) -> Check:
    wanted = LATENESS_SHARE * objective_ms
    objective = f"p99 at most {wanted:g} ms, a tenth of the latency objective"
    if p99_ms is None:
        return not_measured("lateness of the generator", "ms", objective, "too few records sent")
    check = passed_if(
        p99_ms <= wanted, "lateness of the generator", round(p99_ms, 3), "ms", objective
    )
    return _blame(check, load)


def _blame(check: Check, load: Load) -> Check:
    if check.verdict is Verdict.PASS:
        return check
    if load.buffer_full:
        why = f"the client's queue was full {load.buffer_full} times: the broker did not keep up"
        return dataclasses.replace(check, verdict=Verdict.FAIL, evidence=(why,))
    why = (
        f"the generator managed {load.achieved_rate_per_s or 0:,.0f} of "
        f"{load.target_rate_per_s or 0:,.0f} records/s with {load.generator_cores:.0%} of a core: "
        "the machine is too busy, or the rate too high, to judge the broker"
    )
    return dataclasses.replace(check, verdict=Verdict.INCONCLUSIVE, evidence=(why,))
