"""From hand-written arrivals to the figures of change data capture."""

from __future__ import annotations

import pytest

from support.checks.cdc_identity import identity
from support.clock import NS_PER_MS, NS_PER_S, ClockOffset
from support.faults.timeline import FaultTimeline
from support.figures.cdc import (
    cdc_figures,
    cdc_recovery_facts,
    cdc_series,
    first_new_ns,
    longest_wait_ns,
    open_since_ns,
)
from support.record.arrivals import Arrivals
from support.record.changes import Change, Fate, Transaction, WrittenChanges
from support.record.envelope import Envelope, Row, Source
from support.record.events import Event, EventLog

SAME = ClockOffset(0, 0)
"""A database whose wall clock counts from the moment at which our monotonic one does."""


def event(version: int, commit_s: float, handed_s: float) -> Event:
    """An insert of users that was committed, and handed to Connect's producer, at these seconds."""
    ms = int(commit_s * 1000)
    source = Source("2.5", "postgresql", "dbserver", ms, "false", "app", "public", "users", 0)
    after: Row = {"id": version, "version": version}
    envelope = Envelope("c", source, 1, None, after)
    return Event("users", 0, version, version, envelope, int(handed_s * 1000))


def arrived(*pairs: tuple[Event, float | None]) -> Arrivals:
    found = Arrivals()
    for each, at_s in pairs:
        change = identity(each)
        assert change is not None
        found.note(each, change, None if at_s is None else int(at_s * NS_PER_S))
    return found


def written(count: int) -> WrittenChanges:
    return WrittenChanges(
        [
            Transaction("test", (Change("c", "users", n, n),), Fate.COMMITTED, n)
            for n in range(1, count + 1)
        ]
    )


OUTAGE = [event(1, 1.0, 1.05), event(2, 2.0, 2.05), event(3, 10.0, 10.05)]
"""The broker is away from 1.5 to 17 s; Connect's producer queues what it can't send."""
THROUGH = arrived((OUTAGE[0], 1.1), (OUTAGE[1], 17.5), (OUTAGE[2], 17.6))


def test_the_wait_through_an_outage_is_that_until_arrival() -> None:
    log = EventLog(OUTAGE, [], True)
    figures = cdc_figures(log, written(3), THROUGH, SAME)
    assert figures.commit_to_arrival is not None
    assert figures.commit_to_arrival.max_ms == pytest.approx(15_500)
    assert figures.commit_to_producer is not None
    assert figures.commit_to_producer.max_ms == pytest.approx(50)


def test_what_was_there_before_the_watch_has_no_wait() -> None:
    log = EventLog(OUTAGE[:2], [], True)
    figures = cdc_figures(log, written(2), arrived((OUTAGE[0], None), (OUTAGE[1], 2.5)), SAME)
    assert figures.commit_to_arrival is not None
    assert (figures.commit_to_arrival.count, figures.commit_to_arrival.max_ms) == (1, 500)


def test_the_clock_of_the_database_is_corrected_by_what_was_measured() -> None:
    ahead = ClockOffset(3_999, 4_001)
    log = EventLog([event(1, 5.0, 5.05)], [], True)
    figures = cdc_figures(log, written(1), arrived((event(1, 5.0, 5.05), 1.1)), ahead)
    assert figures.commit_to_arrival is not None
    assert figures.commit_to_arrival.max_ms == pytest.approx(100)
    assert figures.clock_doubt_ms == 1


def test_no_event_arrives_in_the_chart_while_the_broker_is_away() -> None:
    points = cdc_series(THROUGH, SAME, 0)
    during = [point for point in points if 1.5 <= point.at_s < 17]
    assert sum(point.acks_arrived for point in during) == 0
    assert sum(point.sent for point in during) == 2
    assert max(point.max_ms or 0 for point in during) == pytest.approx(15_500)


def test_a_pause_in_which_no_change_waited_is_no_stall() -> None:
    quiet = arrived((event(1, 1.0, 1), 1.1), (event(2, 30.0, 30), 30.2), (event(3, 31.0, 31), 31.1))
    assert longest_wait_ns(quiet, SAME) == pytest.approx(200 * NS_PER_MS)
    assert longest_wait_ns(THROUGH, SAME) == pytest.approx(15.5 * NS_PER_S)
    assert longest_wait_ns(Arrivals(), SAME) is None


def test_a_stall_ends_with_any_first_arrival() -> None:
    trickle = arrived((event(1, 1.0, 1), 4.0), (event(2, 1.0, 1), 7.0), (event(3, 1.0, 1), 10.0))
    assert longest_wait_ns(trickle, SAME) == 3 * NS_PER_S


def test_changes_that_never_arrive_are_a_stall_to_the_end() -> None:
    """The writer's own clock tells when they were committed; nothing arrives after 1.1 s."""
    did = WrittenChanges(
        [
            Transaction("test", (Change("c", "users", n, n),), Fate.COMMITTED, n * NS_PER_S)
            for n in range(1, 4)
        ]
    )
    seen = arrived((OUTAGE[0], 1.1))
    assert open_since_ns(seen, did) == 2 * NS_PER_S
    assert longest_wait_ns(seen, SAME, open_since_ns(seen, did), 90 * NS_PER_S) == 88 * NS_PER_S
    assert open_since_ns(THROUGH, did) is None


def test_recovery_stall_and_ready_run_from_the_moments_that_the_check_uses() -> None:
    fault = FaultTimeline("crash", NS_PER_S, [(int(1.5 * NS_PER_S), 2 * NS_PER_S)], 17 * NS_PER_S)
    facts = cdc_recovery_facts(fault, THROUGH, written(3), SAME, 0, 20 * NS_PER_S)
    back = facts["recovery"]
    assert (back.recovery_s, back.ready_s, back.stall_s) == (15.5, 15.0, 15.5)


@pytest.mark.parametrize(
    ("doubt_ms", "new_s"),
    [(0, 17.5), (400, 17.5), (600, 17.6)],
)
def test_a_change_is_new_only_where_the_clocks_leave_no_doubt(doubt_ms: int, new_s: float) -> None:
    fault = FaultTimeline("crash", 0, [(int(1.5 * NS_PER_S), 2 * NS_PER_S)])
    clocks = ClockOffset(-doubt_ms, doubt_ms)
    assert first_new_ns(THROUGH, fault, clocks) == int(new_s * NS_PER_S)
