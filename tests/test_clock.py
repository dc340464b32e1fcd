"""Clocks of two hosts, compared within the bounds of what was measured."""

from __future__ import annotations

from support.clock import NS_PER_MS, ClockOffset


def test_an_answer_bounds_the_offset_by_when_it_was_asked_and_came() -> None:
    offset = ClockOffset.seen(10 * NS_PER_MS, 1_000.0, 14 * NS_PER_MS)
    assert (offset.low_ms, offset.high_ms, offset.doubt_ms) == (986, 990, 2)
    assert offset.earliest_ns(1_000) == 10 * NS_PER_MS
    assert offset.latest_ns(1_000) == 14 * NS_PER_MS
    assert offset.middle_ns(1_000) == 12 * NS_PER_MS


def test_the_quickest_answer_bounds_it_best() -> None:
    slow, quick = ClockOffset(0, 10), ClockOffset(4, 5)
    assert slow.narrowed(quick) == quick
    assert quick.narrowed(slow) == quick


def test_a_clock_that_was_set_meanwhile_is_in_doubt() -> None:
    before, after = ClockOffset(0, 1), ClockOffset(5_000, 5_001)
    assert before.narrowed(after) == before.spanning(after) == ClockOffset(0, 5_001)
