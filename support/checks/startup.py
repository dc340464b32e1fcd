"""How long a broker takes to start: from its process to the first acknowledged record.

start-up time: within the limit (SC-002). The slowest of several starts is judged. FAIL when it is
not within the limit, or when the broker does not become ready. INCONCLUSIVE when it was not ready,
and the suite waited for less than the limit.

start-up time after a crash: the same after a crash. A broker that is also its controller then waits
for the session of the crashed broker to end (broker.session.timeout.ms, 9 s by default), which
alone almost uses up the limit. DEVIATION when the broker's log proves that wait, and the start
without it is within the limit. A wait beyond LONGEST_WAIT_S does not count.

start-up spread: the slowest minus the fastest of several starts. It has no limit. INCONCLUSIVE with
fewer than three starts, or when one of them did not become ready.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from support.checks.judged import deviates, measured, not_measured, passed_if
from support.results.limit import Limit
from support.results.schema import Check
from support.results.units import counted

STARTUP, AFTER_CRASH = "start-up time", "start-up time after a crash"
LEAST_FOR_SPREAD = 3

LONGEST_WAIT_S = 18.0
"""Kafka's default session of 9 s, at most doubled by the growing pause between two attempts."""

REMEDY = (
    "remedy: set a shorter broker.session.timeout.ms and broker.heartbeat.interval.ms; the "
    "drawback is that a broker that pauses for longer is fenced"
)


def startup_time(seconds: float, limit: Limit, evidence: tuple[str, ...]) -> Check:
    """Judges a start; `limit` in seconds."""
    right, value = limit.allows(seconds), round(seconds, 2)
    return passed_if(right, STARTUP, value, "s", _objective(limit), evidence, limit)


def startup_spread(seconds: Sequence[float], trouble: str) -> Check:
    """Returns the spread of several starts; `trouble`: why one of them did not become ready."""
    name, objective = "start-up spread", "slowest minus fastest of at least 3 starts"
    starts = counted(len(seconds), "starts")
    if trouble or len(seconds) < LEAST_FOR_SPREAD:
        return not_measured(name, "s", objective, trouble or f"only {starts}")
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    evidence = (f"{starts}: {low:.2f} to {high:.2f} s, median {middle:.2f} s",)
    return measured(name, round(high - low, 2), "s", evidence)


def never_ready(name: str, limit: Limit, waited_s: float, why: str) -> Check:
    """Judges a broker that did not become ready within `waited_s`.

    INCONCLUSIVE when that is less than the limit, as with a small `-D patience`.
    """
    if waited_s < limit.value:
        return not_measured(name, "s", _objective(limit), f"waited for only {waited_s:g} s: {why}")
    return passed_if(False, name, f"more than {waited_s:g}", "s", _objective(limit), (why,), limit)


def startup_after_crash(
    seconds: float, lease_wait_s: float | None, limit: Limit, evidence: tuple[str, ...]
) -> Check:
    """Judges a start after a crash; `limit` in seconds.

    `lease_wait_s`: how long the broker's log shows that its registration was refused; None when it
    was not refused.
    """
    name, value, right = AFTER_CRASH, round(seconds, 2), limit.allows(seconds)
    own = seconds - min(lease_wait_s or 0.0, LONGEST_WAIT_S)
    waited = (
        f"the log shows {lease_wait_s:.2f} s from the first refused registration (the crashed "
        f"broker's session) to the accepted one; {own:.2f} s without that wait"
        if lease_wait_s is not None
        else "the log shows no wait for the crashed broker's session"
    )
    every = (waited, REMEDY, *evidence)
    if limit.allows(own) and not right:
        deviation = (
            "The specification (SC-002) requires a broker to be ready in less than "
            f"{limit.value:g} s. After a crash it took {seconds:.1f} s, of which it waited "
            f"{seconds - own:.1f} s for the session of the crashed broker to end "
            "(broker.session.timeout.ms)."
        )
        return deviates(name, value, "s", _objective(limit), deviation, every)
    return passed_if(right, name, value, "s", _objective(limit), every, limit)


def _objective(limit: Limit) -> str:
    return f"{limit} to the first acknowledged record"
