"""After the last change: what is waited for and recorded, and what is judged of it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.errors import Inconclusive
from support.experiment import cdc_settling
from support.experiment.cdc_settling import await_caught_up, await_confirmed, settle
from support.progress import Progress
from support.promises.verdicts import Verdicts
from support.record.arrivals import ARRIVALS, ArrivalsRecord
from support.record.capture import CAPTURE, CATCHING_UP, TASK, CaptureRecord, TaskRecord
from support.record.changes import WrittenChanges
from support.record.events import EventLog
from support.record.record import Record
from support.record.slots import SLOT, Slot
from support.record.tables import Tables
from support.results.schema import Verdict
from tests.figures.cdc_records import SAME, arrived, event, written

ONE = event(1, 1.0, 1.0)
HEARTBEAT = {"heartbeat.interval.ms": "5000"}


class Capture:
    """A capture whose writer wrote these changes, and whose slot is in this state at the end."""

    full_identity, began_lsn = True, 1

    def __init__(self, folder: Path, did: WrittenChanges, slot: Slot | None = None) -> None:
        record = Record(folder)
        record.write(CAPTURE, CaptureRecord(0, 9))
        verdicts = Verdicts(record)
        worker = {"offset.flush.interval.ms": "1000"}
        self.experiment: Any = SimpleNamespace(
            record=record,
            verdicts=verdicts,
            require=verdicts.require,
            progress=Progress(io.StringIO()),
            patience=lambda seconds: timedelta(seconds=seconds / 60),
            patience_at_least=lambda seconds: timedelta(seconds=seconds / 60),
            stack=SimpleNamespace(baseline=SimpleNamespace(worker=worker)),
        )
        self.writer = SimpleNamespace(finish=lambda: did, trouble=None, committed_lsn=9)
        self.pipeline = SimpleNamespace(
            name="kv_1",
            database=None,
            slot=lambda: slot,
            connector=SimpleNamespace(settings=HEARTBEAT),
            tables=lambda: Tables({"users": {1: {"id": "1", "version": "1"}}}, {"users": {}}, {}),
            record_task=lambda: record.write(TASK, TaskRecord("RUNNING", ("RUNNING",))),
            broker=SimpleNamespace(look=lambda _: None),
        )
        seen = ArrivalsRecord(tuple(arrived((ONE, 1.5)).all), SAME, 10**10)
        self.arriving = SimpleNamespace(
            await_change=lambda *_: "the slot is lost", end=lambda: record.write(ARRIVALS, seen)
        )

    def verdict(self, name: str) -> Verdict | None:
        checks = {check.name: check.verdict for check in self.experiment.verdicts.checks}
        return checks.get(name)


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdc_settling, "read_slot", lambda *_: Slot(1, 9, 9, 0, "reserved"))


def test_the_wait_for_the_last_change_is_recorded(tmp_path: Path) -> None:
    capture: Any = Capture(tmp_path, written(1))
    await_caught_up(capture, written(1))
    assert capture.experiment.record[CATCHING_UP].hopeless == "the slot is lost"
    await_caught_up(capture, WrittenChanges())
    assert capture.experiment.record[CATCHING_UP].hopeless == ""


@pytest.mark.parametrize(
    ("slot", "confirmed"),
    [
        (Slot(1, 9, 9, 0, "reserved"), True),
        (Slot(1, 8, 9, 0, "reserved"), False),
        # A slot that is lost or gone never confirms anything: it is not waited for.
        (Slot(None, 8, 9, 0, "lost"), True),
        (None, True),
    ],
)
def test_the_slot_is_recorded_with_the_moment_that_ended_the_wait(
    tmp_path: Path, slot: Slot | None, confirmed: bool
) -> None:
    capture: Any = Capture(tmp_path, written(1), slot)
    await_confirmed(capture)
    seen = capture.experiment.record[SLOT]
    assert (seen.confirmed_ns is not None) is confirmed
    assert (seen.began_lsn, seen.ended_lsn, seen.heartbeat_ms) == (1, 9, 5000)
    assert seen.needed_s == 1 + 2 * 5 + 10


def test_everything_is_judged_from_what_was_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture: Any = Capture(tmp_path, written(1), Slot(1, 9, 9, 0))
    monkeypatch.setattr(cdc_settling, "read_all", lambda _: EventLog([ONE], [], True))
    settle(capture)
    for name in ("CDC changes missing", "CDC caught up", "task state", "snapshot repeated"):
        assert capture.verdict(name) is Verdict.PASS, name
    assert capture.verdict("CDC before") is Verdict.PASS
    assert capture.verdict("resent bound") is None
    assert capture.verdict("back without help") is None


def test_what_was_seen_is_judged_also_where_the_events_can_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_: object) -> EventLog:
        raise Inconclusive("The topics can't be read.")

    capture: Any = Capture(tmp_path, written(1), Slot(1, 9, 9, 0))
    monkeypatch.setattr(cdc_settling, "read_all", unreadable)
    with pytest.raises(Inconclusive, match="can't be read"):
        settle(capture)
    assert capture.verdict("CDC caught up") is Verdict.PASS
    assert capture.verdict("replication slot") is Verdict.PASS
    assert capture.verdict("CDC changes missing") is None
