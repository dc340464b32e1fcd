"""From hand-written records to the figures of change data capture."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.clock import NS_PER_MS, NS_PER_S, ClockOffset
from support.figures.cdc import (
    cdc_figures,
    cdc_series,
    faults_of_capture,
    notes,
    snapshot_figures,
)
from support.figures.cdc_times import (
    caught_up_s,
    confirmed_s,
    first_new_ns,
    longest_wait_ns,
    open_since_ns,
    recovery_of_changes,
    shown_ns,
    since_ns,
)
from support.figures.scenario import with_figures
from support.record.arrivals import Arrivals
from support.record.capture import CAPTURE, COMMITTED_OFFSET, CaptureRecord, CommittedOffset
from support.record.changes import Change, Transaction, TransactionOutcome, WrittenChanges
from support.record.notes import NOTES
from support.record.record import Record
from support.record.slots import SLOT, SLOT_WHILE_BROKEN, Slot, SlotRecord
from support.record.snapshot import SNAPSHOT, SnapshotRecord
from support.results.cdc import CdcFigures
from support.results.schema import ScenarioResult, Verdict
from tests.checks.test_cdc_checks import made
from tests.figures.cdc_records import SAME, arrived, event, fault, recorded, written

OUTAGE = [event(1, 1.0, 1.05), event(2, 2.0, 2.05), event(3, 10.0, 10.05)]
"""The broker is away from 1.5 to 17 s; Connect's producer queues what it can't send."""
THROUGH = arrived((OUTAGE[0], 1.1), (OUTAGE[1], 17.5), (OUTAGE[2], 17.6))
INSERT = Change("c", "users", 1, 1)


def figures(record: Record) -> CdcFigures:
    found = cdc_figures(record)
    assert found is not None
    assert found.commit_to_arrival is not None
    assert found.commit_to_producer is not None
    return found


def test_the_wait_through_an_outage_is_that_until_arrival(tmp_path: Path) -> None:
    found = figures(recorded(tmp_path, OUTAGE, THROUGH, written(3)))
    assert found.commit_to_arrival is not None
    assert found.commit_to_arrival.max_ms == pytest.approx(15_500)
    assert found.commit_to_producer is not None
    assert found.commit_to_producer.max_ms == pytest.approx(50)
    assert (found.transactions, found.events, found.missing, found.duplicates) == (3, 3, 0, 0)


def test_what_was_there_before_the_watch_has_no_wait(tmp_path: Path) -> None:
    arrivals = arrived((OUTAGE[0], None), (OUTAGE[1], 2.5))
    found = figures(recorded(tmp_path, OUTAGE[:2], arrivals, written(2)))
    assert found.commit_to_arrival is not None
    assert (found.commit_to_arrival.count, found.commit_to_arrival.max_ms) == (1, 500)


def test_the_clock_of_the_database_is_corrected_by_what_was_measured(tmp_path: Path) -> None:
    one = event(1, 5.0, 5.05)
    ahead = ClockOffset(3_999, 4_001)
    found = figures(recorded(tmp_path, [one], arrived((one, 1.1)), written(1), ahead))
    assert found.commit_to_arrival is not None
    assert found.commit_to_arrival.max_ms == pytest.approx(100)
    assert found.clock_doubt_ms == 1


def test_no_event_arrives_in_the_chart_while_the_broker_is_away(tmp_path: Path) -> None:
    record = recorded(tmp_path, OUTAGE, THROUGH, written(3))
    assert cdc_series(record) == ()
    record.write(CAPTURE, CaptureRecord(0, 9))
    during = [point for point in cdc_series(record) if 1.5 <= point.at_s < 17]
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
            Transaction(
                "test", (Change("c", "users", n, n),), TransactionOutcome.COMMITTED, n * NS_PER_S
            )
            for n in range(1, 4)
        ]
    )
    seen = arrived((OUTAGE[0], 1.1))
    assert open_since_ns(seen, did) == 2 * NS_PER_S
    assert longest_wait_ns(seen, SAME, open_since_ns(seen, did), 90 * NS_PER_S) == 88 * NS_PER_S
    assert open_since_ns(THROUGH, did) is None


def test_recovery_stall_and_ready_run_from_the_moments_that_the_check_uses(tmp_path: Path) -> None:
    record = recorded(tmp_path, OUTAGE, THROUGH, written(3), until_s=20, broken=fault(1.5, 2, 17))
    back = recovery_of_changes(record)
    assert back is not None
    assert (back.recovery_s, back.ready_s, back.stall_s) == (15.5, 15.0, 15.5)
    assert back.consumer_recovery_s is None


@pytest.mark.parametrize(
    ("doubt_ms", "new_s"),
    [(0, 17.5), (400, 17.5), (600, 17.6)],
)
def test_a_change_is_new_only_where_the_clocks_leave_no_doubt(doubt_ms: int, new_s: float) -> None:
    clocks = ClockOffset(-doubt_ms, doubt_ms)
    assert first_new_ns(THROUGH, fault(1.5, 2, 2), clocks) == int(new_s * NS_PER_S)


def test_a_change_is_shown_by_its_event_or_by_a_snapshot_of_its_row() -> None:
    streamed, shown = arrived((made("c", 1), 2.0)), arrived((made("r", 1), 3.0))
    assert shown_ns(streamed, INSERT) == 2_000_000_000
    assert shown_ns(shown, INSERT) == 3_000_000_000
    assert shown_ns(arrived((made("r", 1), 3.0)), Change("d", "users", 1, 1)) is None
    assert shown_ns(arrived((made("c", 1), None)), INSERT) == 0
    assert shown_ns(Arrivals(), INSERT) is None


def test_waiting_counts_from_the_last_commit_or_from_the_heal(tmp_path: Path) -> None:
    one = event(1, 1.0, 1.0)
    calm = recorded(tmp_path / "a", [one], arrived((one, 1.5)), written(1))
    assert since_ns(calm) == 1
    assert caught_up_s(calm) == pytest.approx(1.5)
    broken = fault(0.5, 0.6, 1.25)
    healed = recorded(tmp_path / "b", [one], arrived((one, 1.5)), written(1), broken=broken)
    assert since_ns(healed) == 1_250_000_000
    assert caught_up_s(healed) == 0.25
    never = recorded(tmp_path / "c", [one], Arrivals(), written(1))
    assert caught_up_s(never) is None


@pytest.mark.parametrize(
    ("slot", "confirmed_ns", "seconds"),
    [
        (Slot(1, 9, 9, 0), 3_000_000_001, 3.0),
        (Slot(1, 8, 9, 0), 3_000_000_001, None),
        (Slot(1, 9, 9, 0), None, None),
        (None, 3_000_000_001, None),
    ],
)
def test_the_slot_is_confirmed_when_it_has_the_last_change(
    tmp_path: Path, slot: Slot | None, confirmed_ns: int | None, seconds: float | None
) -> None:
    record = recorded(tmp_path, [], Arrivals(), written(1))
    record.write(SLOT, SlotRecord("kv", slot, 1, 9, 4.0, 20.0, confirmed_ns, 0))
    record.write(SLOT_WHILE_BROKEN, Slot(None, 4, 10, 30))
    assert confirmed_s(record) == seconds
    found = cdc_figures(record)
    assert found is not None
    assert found.confirmed_s == seconds
    assert (found.slot_behind_down_bytes, found.wal_retained_down_bytes) == (6, 30)


def test_faults_are_described_from_the_registration_of_the_connector(tmp_path: Path) -> None:
    record = recorded(tmp_path, [], Arrivals(), written(1), broken=fault(3, 4, 5))
    assert faults_of_capture(record) == ()
    record.write(CAPTURE, CaptureRecord(NS_PER_S, 9))
    (described,) = faults_of_capture(record)
    assert (described.down_at_s, described.healed_at_s, described.proofs) == (2, 4, ("gone",))


def test_a_snapshot_has_a_duration_and_a_rate(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert snapshot_figures(record) is None
    record.write(SNAPSHOT, SnapshotRecord({"users": 6, "videos": 2}, NS_PER_S, 5 * NS_PER_S))
    found = snapshot_figures(record)
    assert found is not None
    assert (found.seconds, found.rows_per_s) == (4, 2)


def test_a_check_that_connect_rules_out_is_noted(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert notes(record) == ()
    record.write(NOTES, ("a remedy",))
    record.write(COMMITTED_OFFSET, CommittedOffset(7, "", 5000))
    assert notes(record) == ("a remedy",)
    record.write(COMMITTED_OFFSET, CommittedOffset(None, "Connect 3.4 is too old.", 5000))
    assert notes(record)[1].endswith("committed offset. Connect 3.4 is too old.")


def test_all_figures_are_in_the_result_of_the_scenario(tmp_path: Path) -> None:
    record = recorded(tmp_path, OUTAGE, THROUGH, written(3), broken=fault(1.5, 2, 17))
    record.write(CAPTURE, CaptureRecord(0, 9))
    bare = ScenarioResult("feature", "scenario", (), Verdict.PASS, "", 1.0)
    result = with_figures(bare, record)
    assert result.cdc == cdc_figures(record)
    assert result.series == cdc_series(record)
    assert result.recovery == recovery_of_changes(record)
    assert result.faults == faults_of_capture(record)
    assert with_figures(bare, Record(tmp_path / "empty")) == bare
