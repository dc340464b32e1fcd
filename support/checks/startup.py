"""start-up time: from the start of the process to the first acknowledged record.

Below the limit (SC-002): PASS. After a crash a broker in combined KRaft mode waits until the
controller has given up the lease of its former self (broker.session.timeout.ms, 9 s by
default), which alone uses up the limit. Such a start is PASS below the limit, DEVIATION when the
broker's log proves the wait and the start without that wait is below the limit, otherwise FAIL.
A wait longer than LONGEST_WAIT_S is no excuse. A broker that is not ready within the patience of
the measurement FAILs. Of several starts the slowest is judged; their spread is MEASURED, and
INCONCLUSIVE with fewer than three.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from support.checks.judged import deviates, measured, not_measured, passed_if
from support.results.schema import Check

STARTUP, AFTER_CRASH = "start-up time", "start-up time after a crash"
LEAST_FOR_SPREAD = 3

LONGEST_WAIT_S = 18.0
"""Kafka's default lease of 9 s, at most doubled by the growing pause between two attempts."""

REMEDY = (
    "remedy: a shorter broker.session.timeout.ms with a shorter broker.heartbeat.interval.ms; "
    "its price: a broker that pauses for longer than that is fenced"
)


def startup_time(seconds: float, limit_s: float, evidence: tuple[str, ...]) -> Check:
    return passed_if(
        seconds < limit_s,
        STARTUP,
        round(seconds, 2),
        "s",
        f"below {limit_s:g} s to the first acknowledged record",
        evidence,
    )


def startup_spread(seconds: Sequence[float], trouble: str) -> Check:
    """`seconds` of each start; `trouble` when one of them never got ready."""
    name, objective = "start-up spread", "slowest minus fastest of at least 3 starts"
    if trouble or len(seconds) < LEAST_FOR_SPREAD:
        why = trouble or f"{len(seconds)} starts are too few"
        return not_measured(name, "s", objective, why)
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    evidence = (f"{len(seconds)} starts: {low:.2f} to {high:.2f} s, median {middle:.2f} s",)
    return measured(name, round(high - low, 2), "s", evidence)


def never_ready(name: str, limit_s: float, waited_s: float, why: str) -> Check:
    """The broker did not become ready at all. INCONCLUSIVE when it was waited for less than the
    limit, as with a small -D patience."""
    objective = f"below {limit_s:g} s to the first acknowledged record"
    if waited_s < limit_s:
        return not_measured(name, "s", objective, f"waited for {waited_s:g} s only: {why}")
    return passed_if(False, name, f"more than {waited_s:g}", "s", objective, (why,))


def startup_after_crash(
    seconds: float, lease_wait_s: float | None, limit_s: float, evidence: tuple[str, ...]
) -> Check:
    """`lease_wait_s`: how long the log says the registration was refused; None when it was not."""
    name, measured_s = AFTER_CRASH, round(seconds, 2)
    own = seconds - min(lease_wait_s or 0.0, LONGEST_WAIT_S)
    waited = (
        f"the log shows {lease_wait_s:.2f} s from the first refused registration (the crashed "
        f"broker's lease) to the accepted one; {own:.2f} s without it"
        if lease_wait_s is not None
        else "no wait for a lease in the log"
    )
    objective = f"below {limit_s:g} s to the first acknowledged record"
    every = (waited, REMEDY, *evidence)
    if own < limit_s <= seconds:
        deviation = (
            f"The specification (SC-002) wants a broker to be ready in less than {limit_s:g} s. "
            f"After a crash it took {seconds:.1f} s, {seconds - own:.1f} s of them waiting for the "
            "session of the crashed broker to end (broker.session.timeout.ms)."
        )
        return deviates(name, measured_s, "s", objective, deviation, every)
    return passed_if(seconds < limit_s, name, measured_s, "s", objective, every)
