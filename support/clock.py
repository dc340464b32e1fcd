"""The one place that reads clocks and sleeps.

All measuring uses the monotonic clock, which every process of a host shares on Linux, so
that stamps of the load generator, the observers and the faults can be compared.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from support.interruption import interruptible

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000

SPIN_NS = 150_000
"""A sleeping thread wakes up to this late on an idle Linux host; the rest is spun (measured)."""


LONG_NS = 200 * NS_PER_MS
"""A longer sleep can be interrupted; a shorter one belongs to a load that keeps its pace."""


def now_ns() -> int:
    """Monotonic time in nanoseconds."""
    return time.monotonic_ns()


def utc_now() -> datetime:
    """Wall clock, for people only; never for a duration."""
    return datetime.now(UTC)


def wall_ms(moment_ns: int) -> float:
    """What this host's wall clock showed at a monotonic moment, in ms since 1970."""
    return time.time() * 1000 - (time.monotonic_ns() - moment_ns) / NS_PER_MS


def pause(duration: timedelta) -> None:
    """Give the processor away for `duration`; only for waiting.py and for deliberate holds."""
    with interruptible():
        time.sleep(max(0.0, duration.total_seconds()))


def sleep_until_ns(moment_ns: int) -> None:
    """Return as close after `moment_ns` as possible: sleep most of the way, spin the rest.

    Returns at once when the moment has passed: a late caller is never re-based.
    """
    remaining = moment_ns - time.monotonic_ns()
    if remaining > LONG_NS:
        pause(timedelta(seconds=(remaining - SPIN_NS) / NS_PER_S))
    elif remaining > SPIN_NS:
        time.sleep((remaining - SPIN_NS) / NS_PER_S)
    while time.monotonic_ns() < moment_ns:
        pass
