"""The only module that reads clocks and sleeps.

All measurements use the monotonic clock. On Linux all processes of a host share it, so the times of
the load generator, the consumers and the faults can be compared.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from support.interruption import interruptible

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000

SPIN_NS = 150_000
"""A sleeping thread wakes up to this much too late on an idle Linux host (measured). So the last
part of a sleep is spent in a loop."""


LONG_NS = 200 * NS_PER_MS
"""Longer sleeps can be interrupted. Shorter ones belong to a load, which keeps its pace."""


def now_ns() -> int:
    """Monotonic time in nanoseconds."""
    return time.monotonic_ns()


def utc_now() -> datetime:
    """The wall clock: for people, never for durations."""
    return datetime.now(UTC)


def wall_ms(moment_ns: int) -> float:
    """The wall clock time at a monotonic time, in milliseconds since 1970."""
    return time.time() * 1000 - (time.monotonic_ns() - moment_ns) / NS_PER_MS


def pause(duration: timedelta) -> None:
    """Sleeps for `duration`. Only for waiting.py and for deliberate delays."""
    with interruptible():
        time.sleep(max(0.0, duration.total_seconds()))


def sleep_until_ns(moment_ns: int) -> None:
    """Returns as soon as possible after a monotonic time: sleeps first, then loops.

    Returns at once if the time has passed: a late caller does not shift its schedule.
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
    """The difference between another host's wall clock (ms since 1970) and this host's monotonic
    clock, in milliseconds: between two bounds, because asking takes time."""

    low_ms: float
    high_ms: float

    @classmethod
    def seen(cls, before_ns: int, theirs_ms: float, after_ns: int) -> ClockOffset:
        """The offset from an answer that was given between two times of this host."""
        return cls(theirs_ms - after_ns / NS_PER_MS, theirs_ms - before_ns / NS_PER_MS)

    @property
    def doubt_ms(self) -> float:
        """The error of a converted time, in milliseconds, in either direction."""
        return (self.high_ms - self.low_ms) / 2

    def earliest_ns(self, theirs_ms: float) -> int:
        """The earliest monotonic time at which their clock may have shown this time."""
        return int((theirs_ms - self.high_ms) * NS_PER_MS)

    def latest_ns(self, theirs_ms: float) -> int:
        """The latest monotonic time at which their clock may have shown this time."""
        return int((theirs_ms - self.low_ms) * NS_PER_MS)

    def middle_ns(self, theirs_ms: float) -> int:
        """The middle between the earliest and the latest time."""
        return (self.earliest_ns(theirs_ms) + self.latest_ns(theirs_ms)) // 2

    def narrowed(self, other: ClockOffset) -> ClockOffset:
        """Combines it with another measurement: the common range, or both if there is none."""
        low, high = max(self.low_ms, other.low_ms), min(self.high_ms, other.high_ms)
        return ClockOffset(low, high) if low <= high else self.spanning(other)

    def spanning(self, other: ClockOffset) -> ClockOffset:
        """The range that contains both, for a clock that was measured at two times."""
        return ClockOffset(min(self.low_ms, other.low_ms), max(self.high_ms, other.high_ms))

    def least_skew_ms(self) -> float:
        """The smallest possible difference between the two wall clocks, in milliseconds."""
        ours = wall_ms(0)
        return max(self.low_ms - ours, ours - self.high_ms, 0.0)
