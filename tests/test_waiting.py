"""Waiting ends at once with success, or reports the last observation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from support import clock
from support.errors import NotInTime
from support.waiting import wait_until

SOON = timedelta(milliseconds=80)


def counter() -> Iterator[int]:
    yield from range(10_000)


def test_success_is_not_followed_by_a_pause() -> None:
    began = clock.now_ns()
    assert wait_until(lambda: 5, bool, SOON, "five", every=timedelta(seconds=9)) == 5
    assert clock.now_ns() - began < clock.NS_PER_S


def test_the_last_observation_is_told() -> None:
    numbers = counter()
    with pytest.raises(NotInTime, match="for a miracle") as late:
        wait_until(lambda: f"n{next(numbers)}", lambda _: False, SOON, "a miracle")
    assert "seen: 'n" in str(late.value)


def test_tolerated_exceptions_count_as_not_yet_and_others_do_not() -> None:
    numbers = counter()

    def observe() -> int:
        number = next(numbers)
        if number < 2:
            raise OSError("not yet")
        return number

    assert wait_until(observe, bool, SOON * 10, "two", tolerate=(OSError,)) == 2
    with pytest.raises(OSError, match="not yet"):
        numbers = counter()
        wait_until(observe, bool, SOON, "two")


def test_sleeping_ends_after_the_moment_and_at_once_when_it_has_passed() -> None:
    moment = clock.now_ns() + 3 * clock.NS_PER_MS
    clock.sleep_until_ns(moment)
    assert clock.now_ns() >= moment
    began = clock.now_ns()
    clock.sleep_until_ns(began - clock.NS_PER_S)
    assert clock.now_ns() - began < 100 * clock.NS_PER_MS
