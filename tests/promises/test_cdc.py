"""Checks of change data capture, judged from hand-written records."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from support.promises import audit, team_pipeline
from support.promises.cdc import CDC_CHANGES_MISSING, LEGAL_ENVELOPES, STATEMENTS_ACCEPTED
from support.promises.cdc_recovery import (
    BACK_WITHOUT_HELP,
    CDC_CAUGHT_UP,
    CDC_FAULT_EFFECT,
    CDC_RECOVERY_TIME,
    REPLICATION_SLOT,
    RESENT_BOUND,
    RESENT_FROM_THE_COMMIT,
    SLOT_CONFIRMED,
    TASK_STATE,
)
from support.promises.cdc_snapshot import (
    CHANGED_MEANWHILE,
    LOGGED_ERRORS,
    SNAPSHOT_REPEATED,
    SNAPSHOT_ROWS,
)
from support.promises.definition import SINCE_READY, CheckDefinition, LimitedCheck
from support.promises.performance import COMPLETION_TIME
from support.promises.registry import BY_NAME, CHECKS
from support.promises.replay import judged_again
from support.promises.verdicts import Verdicts
from support.record import snapshot
from support.record.arrivals import ARRIVALS
from support.record.capture import (
    CAPTURE,
    CATCHING_UP,
    COMMITTED_OFFSET,
    RETURN,
    TASK,
    CaptureRecord,
    CatchingUp,
    CommittedOffset,
    ReturnRecord,
    TaskRecord,
)
from support.record.changes import CHANGES, WrittenChanges
from support.record.faults import FAULTS, FaultsRecord
from support.record.part_logs import LOGGED, LoggedErrors
from support.record.record import Record
from support.record.slots import SLOT, Slot, SlotRecord
from support.record.tables import TABLES, Tables
from support.results.limit import Limit, Operator
from support.results.schema import Check, Provenance, RunResult, ScenarioResult, Verdict
from support.results.store import file_name
from tests.figures.cdc_records import arrived, event, fault, recorded, written
from tests.results.examples import RUN

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
EVENTS = [event(1, 1.0, 1.05), event(2, 2.0, 2.05), event(3, 10.0, 10.05)]
THROUGH = arrived((EVENTS[0], 1.1), (EVENTS[1], 17.5), (EVENTS[2], 17.6))
"""The broker is away from 1.5 to 17 s."""
ROWS = {n: {"id": str(n), "version": str(n)} for n in (1, 2, 3)}
MOVED = Slot(1, 9, 9, 0, "reserved")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Changes through a crash of the broker that all arrived."""
    made = recorded(tmp_path, EVENTS, THROUGH, written(3), until_s=30, broken=fault(1.5, 2, 17))
    made.write(CAPTURE, CaptureRecord(0, 9))
    made.write(TABLES, Tables({"users": ROWS}, {"users": {}}, {"users": {}}))
    made.write(CATCHING_UP, CatchingUp(0.5))
    made.write(SLOT, SlotRecord("kv_1", MOVED, 1, 9, 4.0, 20.0, 18 * 10**9, 5000))
    made.write(TASK, TaskRecord("RUNNING", ("RUNNING",)))
    made.write(RETURN, ReturnRecord(least_outage_s=1.0))
    made.write(COMMITTED_OFFSET, CommittedOffset(0, "", 5000))
    return made


def of_capture() -> list[CheckDefinition]:
    """Every check of change data capture that a scenario without a snapshot of rows can judge."""
    others = {"CDC topics carry events", SNAPSHOT_ROWS.name, LOGGED_ERRORS.name}
    others |= {each.name for each in (*team_pipeline.ALL, *audit.ALL)}
    named = [each for each in CHECKS if each.words.topic == "cdc" and each.name not in others]
    return [each.measured() if isinstance(each, LimitedCheck) else each for each in named]


@pytest.mark.parametrize("definition", of_capture(), ids=lambda each: each.name)
def test_every_check_is_judged_from_the_record(record: Record, definition: CheckDefinition) -> None:
    check = definition.judged(record)
    assert check.verdict in (PASS, Verdict.MEASURED) or definition is CHANGED_MEANWHILE
    assert check.limit == definition.limit
    if check.limit is not None:
        assert check.limit.unit == check.unit
        assert isinstance(check.measured, int | float)
        assert check.limit.allows(check.measured)


@pytest.mark.parametrize("definition", of_capture(), ids=lambda each: each.name)
def test_a_check_whose_sections_were_not_recorded_is_inconclusive(
    tmp_path: Path, definition: CheckDefinition
) -> None:
    check = definition.judged(Record(tmp_path / "empty"))
    assert check.verdict is INCONCLUSIVE
    assert "did not record its" in check.evidence[0]


def test_a_committed_change_without_an_event_is_missing(record: Record) -> None:
    record.write(CHANGES, written(4))
    check = CDC_CHANGES_MISSING.judged(record)
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert CDC_CAUGHT_UP.judged(record).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("waited", "verdict"),
    [
        (CatchingUp(60.0), FAIL),
        (CatchingUp(21.0), INCONCLUSIVE),
        (CatchingUp(0.4, "the slot is lost"), FAIL),
    ],
)
def test_a_last_change_that_did_not_arrive_is_judged_by_the_wait(
    record: Record, waited: CatchingUp, verdict: Verdict
) -> None:
    record.write(CHANGES, written(4))
    record.write(CATCHING_UP, waited)
    assert CDC_CAUGHT_UP.judged(record).verdict is verdict
    assert CDC_CAUGHT_UP.limit == Limit(Operator.AT_MOST, 60, "s")


def test_a_writer_that_committed_nothing_is_not_waited_for(record: Record) -> None:
    record.write(CHANGES, WrittenChanges())
    assert CDC_CAUGHT_UP.judged(record).evidence == ("the writer committed nothing",)
    assert STATEMENTS_ACCEPTED.judged(record).verdict is INCONCLUSIVE


def test_recovery_is_stated_or_judged_against_a_limit_from_ready(record: Record) -> None:
    stated = CDC_RECOVERY_TIME.measured().judged(record)
    assert (stated.verdict, stated.measured, stated.limit) == (Verdict.MEASURED, 15.5, None)
    kept = CDC_RECOVERY_TIME.below(timedelta(seconds=1)).judged(record)
    assert (kept.verdict, kept.measured) == (PASS, 15.5)
    assert kept.limit == Limit(Operator.BELOW, 1, SINCE_READY)
    # It counts from ready, and the figure from the beginning of the heal.
    assert kept.used is None
    assert CDC_RECOVERY_TIME.below(0.5).judged(record).verdict is FAIL


def test_a_check_that_needs_a_limit_is_not_stated_without_one() -> None:
    latency = next(each for each in CHECKS if isinstance(each, LimitedCheck) and not each.unlimited)
    with pytest.raises(ValueError, match="needs a limit"):
        latency.measured()


@pytest.mark.parametrize(
    ("stays", "verdict"),
    [
        (ReturnRecord("the slot is lost", 1.0), FAIL),
        (ReturnRecord("", 1.0), INCONCLUSIVE),
    ],
)
def test_changes_that_stay_away_are_judged_by_the_watch(
    record: Record, stays: ReturnRecord, verdict: Verdict
) -> None:
    record.write(ARRIVALS, replace(record[ARRIVALS], arrivals=()))
    record.write(RETURN, stays)
    assert CDC_RECOVERY_TIME.measured().judged(record).verdict is verdict


def test_a_rescue_is_help_and_is_named_with_the_recovery(record: Record) -> None:
    assert BACK_WITHOUT_HELP.judged(record).verdict is PASS
    record.write(RETURN, ReturnRecord("", 1.0, 60.4))
    told = ("the worker was restarted after 60 s without a change",)
    check = BACK_WITHOUT_HELP.judged(record)
    assert (check.verdict, check.evidence) == (Verdict.DEVIATION, told)
    assert CDC_RECOVERY_TIME.measured().judged(record).evidence == told


def test_a_fault_must_be_felt_unless_other_brokers_take_over(record: Record) -> None:
    assert CDC_FAULT_EFFECT.judged(record).measured == 15.5
    record.write(RETURN, ReturnRecord("", 20.0))
    assert CDC_FAULT_EFFECT.judged(record).verdict is INCONCLUSIVE
    record.write(FAULTS, FaultsRecord((fault(1.5, 2, 17),), brokers=3))
    assert CDC_FAULT_EFFECT.judged(record).verdict is Verdict.MEASURED


def test_resuming_is_judged_by_the_committed_offset(record: Record) -> None:
    record.write(COMMITTED_OFFSET, CommittedOffset(5, "", 5000))
    assert RESENT_FROM_THE_COMMIT.judged(record).verdict is FAIL
    assert RESENT_BOUND.judged(record).verdict is Verdict.MEASURED


def test_a_connect_that_does_not_report_it_rules_the_check_out(record: Record) -> None:
    verdicts = Verdicts(record)
    assert verdicts.recorded(RESENT_FROM_THE_COMMIT, RESENT_BOUND) == (
        RESENT_FROM_THE_COMMIT,
        RESENT_BOUND,
    )
    record.write(COMMITTED_OFFSET, CommittedOffset(None, "Connect 3.4 is too old.", 5000))
    assert verdicts.recorded(RESENT_FROM_THE_COMMIT, RESENT_BOUND) == (RESENT_BOUND,)
    skipped = next(each for each in verdicts.checks if each.name == RESENT_FROM_THE_COMMIT.name)
    assert (skipped.verdict, skipped.evidence) == (Verdict.SKIPPED, ("Connect 3.4 is too old.",))


def test_the_state_of_the_task_is_shown_as_connect_reports_it(record: Record) -> None:
    record.write(TASK, TaskRecord("RUNNING", ("FAILED",), "boom\nat a\nat b\nat c"))
    check = TASK_STATE.judged(record)
    assert (check.verdict, check.measured) == (FAIL, "connector RUNNING, tasks FAILED")
    assert check.evidence == ("boom", "at a", "at b")
    record.write(TASK, TaskRecord("unknown", (), trouble="Connect does not answer."))
    check = TASK_STATE.judged(record)
    assert (check.verdict, check.evidence) == (FAIL, ("Connect does not answer.",))


def test_a_slot_that_is_gone_is_red_and_confirms_nothing(record: Record) -> None:
    assert SLOT_CONFIRMED.judged(record).measured == 1
    record.write(SLOT, replace(record[SLOT], slot=None))
    assert REPLICATION_SLOT.judged(record).verdict is FAIL
    assert SLOT_CONFIRMED.judged(record).verdict is INCONCLUSIVE


def test_another_snapshot_is_not_judged_where_rows_changed_meanwhile(record: Record) -> None:
    record.write(CAPTURE, CaptureRecord(0, None))
    assert SNAPSHOT_REPEATED.judged(record).verdict is INCONCLUSIVE


def columns(*pairs: tuple[int, int]) -> snapshot.Rows:
    keys, digests = zip(*pairs, strict=True)
    return np.array(keys, np.int64), np.array(digests, np.int64)


@pytest.mark.parametrize(
    ("kafka", "begun_again", "verdict"),
    [
        (columns((1, 10), (2, 20)), False, PASS),
        (columns((1, 10), (2, 21)), False, FAIL),
        (columns((1, 10), (2, 20), (2, 20)), False, FAIL),
        (columns((1, 10), (2, 20), (2, 20)), True, PASS),
    ],
)
def test_rows_of_a_snapshot_are_compared_by_digest(
    tmp_path: Path, kafka: snapshot.Rows, begun_again: bool, verdict: Verdict
) -> None:
    record = Record(tmp_path)
    found = snapshot.RowsFound((), 0, True, (), begun_again)
    rows = snapshot.SnapshotRows({"users": kafka}, {"users": columns((1, 10), (2, 20))}, found)
    record.write(snapshot.SNAPSHOT_ROWS, rows)
    assert SNAPSHOT_ROWS.judged(record).verdict is verdict
    assert LEGAL_ENVELOPES.judged(record).verdict is PASS
    strangers = replace(rows, found=replace(found, not_snapshot=2))
    record.write(snapshot.SNAPSHOT_ROWS, strangers)
    assert LEGAL_ENVELOPES.judged(record).evidence == ("2 events of another operation",)


def test_completion_time_is_that_of_the_snapshot(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.write(snapshot.SNAPSHOT, snapshot.SnapshotRecord({"users": 8}, 0, 4 * 10**9))
    check = COMPLETION_TIME.judged(record)
    assert (check.measured, check.evidence) == (4.0, ("2 rows/s",))


def test_errors_in_logs_are_judged(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.write(LOGGED, {"connect": LoggedErrors(9, ("an ERROR",))})
    assert LOGGED_ERRORS.judged(record).evidence == ("connect: an ERROR",)


def again(record: Record, checks: list[Check], tmp_path: Path) -> list[bool]:
    """Whether each check of a run is the same, judged again from this record."""
    scenario = ScenarioResult("a", "b", (), PASS, "", 1.0, checks=tuple(checks))
    run: RunResult = replace(RUN, scenarios=(scenario,))
    assert isinstance(run.provenance, Provenance)
    folder = tmp_path / "run"
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / file_name("a", "b")).symlink_to(record.folder)
    return [each.same for each in judged_again(run, folder)]


def test_a_replay_finds_the_limit_or_that_there_was_none(record: Record, tmp_path: Path) -> None:
    for number, definition in enumerate(
        (CDC_RECOVERY_TIME.measured(), CDC_RECOVERY_TIME.below(60), CDC_CAUGHT_UP)
    ):
        assert definition.name in BY_NAME
        check = definition.judged(record)
        assert again(record, [check], tmp_path / str(number)) == [True]
        other = replace(check, measured=1.0)
        assert again(record, [other], tmp_path / f"{number} other") == [False]
