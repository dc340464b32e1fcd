"""How soon change data capture recovers from a fault, and whether the fault had an effect.

CDC recovery time: from the beginning of the heal to the arrival of the first event of a change that
was committed after the fault was proven. A limit counts from the proof that the broken part works
again. INCONCLUSIVE when the reader died, when it watched for less than the limit (without a limit:
for less than AWAITED_S), or when the verdict depends on the uncertainty of the clocks.
CDC fault effect: the longest time in which a change waited and no event arrived. INCONCLUSIVE when
it is shorter than the outage: the fault had no effect and proves nothing. In a cluster other
brokers take over, so there it is only measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from support.checks.judged import measured, not_measured, passed_if
from support.clock import NS_PER_S
from support.results.schema import Check

IN_FLIGHT_S = 0.1
"""An event that has left the broker may still arrive after the fault was proven."""
AWAITED_S = 180
"""Seconds that a scenario waits for changes to arrive again, with patience 1."""
RECOVERY = "CDC recovery time"


@dataclass(frozen=True)
class Watch:
    """New changes after a fault as a reader saw them, in monotonic ns.

    `first_ns` is the arrival of the first event of a new change, None when none arrived until
    `until_ns`. `doubt_ms` is the uncertainty of the comparison of the clocks. `trouble` says why
    arrivals are not known, `hopeless` why no event can ever arrive; both are empty otherwise.
    `reported` has the errors of the reader's client.
    """

    first_ns: int | None
    until_ns: int = 0
    doubt_ms: float = 0.0
    trouble: str = ""
    hopeless: str = ""
    reported: tuple[str, ...] = ()


def cdc_recovery(
    heal_ns: int, ready_ns: int, watch: Watch, limit_s: float | None, helped: str = ""
) -> Check:
    """Judges when changes arrived again after the heal began and its proof (ready).

    `helped`: what else had to be done; empty for nothing.
    """
    objective = "changes arrive again"
    ends_s = ready_s = (ready_ns - heal_ns) / NS_PER_S
    if limit_s is not None:
        ends_s = ready_s + limit_s
        after = f"{limit_s:g} s after ready at {ready_s:.3g} s"
        objective = f"below {ends_s:.4g} s from the beginning of the heal ({after})"
    if watch.trouble:
        return not_measured(RECOVERY, "s", objective, watch.trouble)
    if watch.first_ns is None:
        needed_s = 0 if watch.hopeless else AWAITED_S if limit_s is None else ends_s
        return _never_back(objective, (watch.until_ns - heal_ns) / NS_PER_S, needed_s, watch)
    seconds, evidence = (watch.first_ns - heal_ns) / NS_PER_S, [helped] if helped else []
    if limit_s is None:
        return measured(RECOVERY, round(seconds, 2), "s", evidence)
    # An earlier arrival does not count if its change may have been committed before the fault.
    if seconds - 2 * watch.doubt_ms / 1000 < ends_s <= seconds:
        why = f"{seconds:.2f} s, but the clocks are uncertain by {watch.doubt_ms / 1000:.2f} s"
        return not_measured(RECOVERY, "s", objective, why)
    return passed_if(seconds < ends_s, RECOVERY, round(seconds, 2), "s", objective, evidence)


def _never_back(objective: str, watched_s: float, needed_s: float, watch: Watch) -> Check:
    reasons = [*([watch.hopeless] if watch.hopeless else []), *watch.reported]
    why = f"no new event arrived within {watched_s:.1f} s after the heal began"
    if watched_s < needed_s:
        why = f"{why}, and it was not watched for {needed_s:g} s"
        return not_measured(RECOVERY, "s", objective, "; ".join([why, *reasons]))
    return passed_if(False, RECOVERY, "never", "", objective, (why, *reasons))


def cdc_fault_effect(stall_s: float | None, outage_s: float, brokers: int = 1) -> Check:
    """States the stall of a fault whose proven outage lasted `outage_s`; None without a stall."""
    name, objective = "CDC fault effect", f"no event for at least {outage_s:.3g} s"
    if stall_s is None or (brokers == 1 and stall_s < outage_s - IN_FLIGHT_S):
        why = "no change was waited for" if stall_s is None else f"at most {stall_s:.2f} s without"
        return not_measured(name, "s", objective, why)
    return measured(name, round(stall_s, 2), "s")
