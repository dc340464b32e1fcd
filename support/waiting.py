"""The one way to wait: observe until the observation is accepted or the time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from support import clock, interruption
from support.errors import NotInTime

T = TypeVar("T")


def wait_until(
    observe: Callable[[], T],
    accept: Callable[[T], bool],
    within: timedelta,
    what: str,
    *,
    every: timedelta = timedelta(milliseconds=50),
    tolerate: tuple[type[Exception], ...] = (),
) -> T:
    """Returns the first accepted observation, without sleeping after it.

    Observes at least once. Exceptions of the types in `tolerate` count as "not yet". Raises
    NotInTime, with the last observation or exception, when `within` has passed, and
    KeyboardInterrupt if the run is interrupted.
    """
    already = interruption.arrived()
    deadline = clock.now_ns() + int(within.total_seconds() * clock.NS_PER_S)
    while True:
        interruption.check()
        try:
            seen = observe()
            if accept(seen):
                return seen
            last = repr(seen)
        except tolerate as error:
            last = f"{type(error).__name__}: {error}"
        if interruption.ends_waits(already):
            raise KeyboardInterrupt(interruption.arrived())
        if clock.now_ns() >= deadline:
            raise NotInTime(
                f"Waited {within.total_seconds():g} s for {what}, without success.",
                seen=last[:2000],
            )
        clock.pause(every)
