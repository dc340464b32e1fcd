"""The one place that reads clocks and sleeps.

All measuring uses the monotonic clock, which every process of a host shares on Linux, so
that stamps of the load generator, the observers and the faults can be compared.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ClockOffset:
    """How far another host's wall clock (ms since 1970) is ahead of this host's monotonic clock:
    between two bounds, because asking takes time."""

    low_ms: float
    high_ms: float

    @classmethod
    def seen(cls, before_ns: int, theirs_ms: float, after_ns: int) -> ClockOffset:
        """From an answer of theirs that was given between two moments of ours."""
        return cls(theirs_ms - after_ns / NS_PER_MS, theirs_ms - before_ns / NS_PER_MS)

    @property
    def doubt_ms(self) -> float:
        """A moment of theirs is known on our clock within this much, earlier or later."""
        return (self.high_ms - self.low_ms) / 2

    def earliest_ns(self, theirs_ms: float) -> int:
        """The first moment at which their clock may have shown this."""
        return int((theirs_ms - self.high_ms) * NS_PER_MS)

    def latest_ns(self, theirs_ms: float) -> int:
        """The last moment at which their clock may have shown this."""
        return int((theirs_ms - self.low_ms) * NS_PER_MS)

    def middle_ns(self, theirs_ms: float) -> int:
        """The likeliest moment."""
        return (self.earliest_ns(theirs_ms) + self.latest_ns(theirs_ms)) // 2

    def narrowed(self, other: ClockOffset) -> ClockOffset:
        """Narrow it by another measurement; both together where they contradict."""
        low, high = max(self.low_ms, other.low_ms), min(self.high_ms, other.high_ms)
        return ClockOffset(low, high) if low <= high else self.spanning(other)

    def spanning(self, other: ClockOffset) -> ClockOffset:
        """Wide enough for both, as for a clock that was measured earlier and later."""
        return ClockOffset(min(self.low_ms, other.low_ms), max(self.high_ms, other.high_ms))

    def least_skew_ms(self) -> float:
        """The least by which their wall clock and ours differ, in milliseconds."""
        ours = wall_ms(0)
        return max(self.low_ms - ours, ours - self.high_ms, 0.0)
