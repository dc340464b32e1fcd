"""Sections of change data capture: each comes back from disk as it was written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from support.clock import ClockOffset
from support.errors import Explained
from support.record.arrivals import ARRIVALS, Arrival, Arrivals, ArrivalsRecord
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
from support.record.changes import (
    CHANGES,
    Change,
    Refusal,
    Transaction,
    TransactionOutcome,
    WrittenChanges,
)
from support.record.envelope import Envelope, Source
from support.record.events import EVENTS, Altered, Column, Event, EventLog
from support.record.part_logs import LOGGED, LoggedErrors
from support.record.record import Record
from support.record.section import Section
from support.record.slots import SLOT, SLOT_WHILE_BROKEN, Slot, SlotRecord
from support.record.snapshot import (
    SNAPSHOT,
    SNAPSHOT_ROWS,
    RowsFound,
    SnapshotRecord,
    SnapshotRows,
)
from support.record.tables import TABLES, Tables

SOURCE = Source("2.5", "postgresql", "db", 1, "false", "app", "public", "users", 7, 3, None)
VALUES = {"id": 1, "name": "größe 🎬", "score": 1.5, "tags": ["a", None], "on": True, "gone": None}
ENVELOPE = Envelope("u", SOURCE, 2, {"id": 1}, dict(VALUES))
EVENT = Event("users", 2, 5, 1, ENVELOPE, 9)
TOMBSTONE = Event("users", 2, 6, 1, None)
CHANGE = Change("u", "users", 7, 3, previous=2)
WRITTEN = WrittenChanges(
    [Transaction("update", (CHANGE,), TransactionOutcome.UNKNOWN, 5, 17, 4)],
    [Refusal("update", "users", "UPDATE", "55000", "no replica identity")],
)
COLUMN = {"users": {"id": Column("int8"), "tags": Column("_text", generated=True)}}
TABLE = Tables(
    {"users": {1: {"id": "1", "tags": None}}},
    COLUMN,
    COLUMN,
    {"users": {"tags": "masked"}},
    skips_truncate=True,
    altered={"users": {"tags": Altered(1, 2, retyped=True)}},
)
ARRIVED = (Arrival(("c", "users", 1, 2), 3, 4, 5), Arrival(("r", "users", 1, 1), 1, None))
SLOT_SEEN = Slot(None, 1, 2, 3, "reserved")


@pytest.mark.parametrize(
    ("section", "value"),
    [
        (CHANGES, WRITTEN),
        (EVENTS, EventLog([EVENT, TOMBSTONE], ["a line"], True, full_identity=False)),
        (TABLES, TABLE),
        (ARRIVALS, ArrivalsRecord(ARRIVED, ClockOffset(-1.5, 2.5), 9, "it died", ("an error",))),
        (SLOT, SlotRecord("kv_1", SLOT_SEEN, 1, 2, 0.5, 20.0, 7, 5000)),
        (SLOT_WHILE_BROKEN, SLOT_SEEN),
        (CAPTURE, CaptureRecord(5, None)),
        (TASK, TaskRecord("RUNNING", ("FAILED",), "a trace")),
        (CATCHING_UP, CatchingUp(1.25, "the slot is lost")),
        (RETURN, ReturnRecord("", 1.0, 60.5)),
        (COMMITTED_OFFSET, CommittedOffset(None, "Connect 3.4 does not report it", 5000)),
        (LOGGED, {"connect": LoggedErrors(3, ("ERROR x",), "")}),
        (SNAPSHOT, SnapshotRecord({"users": 3}, 1, 9)),
    ],
    ids=lambda each: each.name if isinstance(each, Section) else "",
)
def test_a_section_comes_back_from_disk_as_it_was(
    tmp_path: Path, section: Section[object], value: object
) -> None:
    Record(tmp_path / "scenario").write(section, value)
    assert Record(tmp_path / "scenario")[section] == value


def test_rows_of_a_snapshot_come_back_as_columns(tmp_path: Path) -> None:
    keys, digests = np.array([1, 2, 2]), np.array([-5, 2**62, 7])
    found = RowsFound(("a line",), 2, True, ("users.score",), begun_again=True)
    empty = np.array([], np.int64)
    written = SnapshotRows({"users": (keys, digests)}, {"users": (empty, empty)}, found)
    Record(tmp_path).write(SNAPSHOT_ROWS, written)
    read = Record(tmp_path)[SNAPSHOT_ROWS]
    assert read.found == found
    assert [column.tolist() for column in read.kafka["users"]] == [[1, 2, 2], [-5, 2**62, 7]]
    assert [column.tolist() for column in read.postgresql["users"]] == [[], []]


@pytest.mark.parametrize("section", [EVENTS, SNAPSHOT_ROWS], ids=lambda each: each.name)
@pytest.mark.parametrize(
    "content",
    [b"", b"no archive at all", gzip.compress(b"{}")[:-9]],
    ids=["empty", "no archive", "cut off"],
)
def test_a_damaged_file_is_an_error_with_its_path(
    tmp_path: Path, section: Section[object], content: bytes
) -> None:
    (tmp_path / section.path).write_bytes(content)
    with pytest.raises(Explained, match=f"{section.path} can't be read"):
        Record(tmp_path)[section]


def test_changes_can_be_read_with_any_tool(tmp_path: Path) -> None:
    Record(tmp_path).write(CHANGES, WRITTEN)
    (transaction,) = json.loads((tmp_path / "changes.json").read_text())["transactions"]
    assert transaction["outcome"] == "unknown"
    assert transaction["changes"][0]["version"] == 3


def test_the_last_committed_transaction_is_found() -> None:
    def did(*fates: TransactionOutcome) -> WrittenChanges:
        numbered = enumerate(fates, 1)
        made = [
            Transaction("test", (Change("c", "users", n, n),), outcome, 10 * n)
            for n, outcome in numbered
        ]
        return WrittenChanges(made)

    last = did(
        TransactionOutcome.COMMITTED,
        TransactionOutcome.COMMITTED,
        TransactionOutcome.UNKNOWN,
        TransactionOutcome.ROLLED_BACK,
    ).last_committed()
    assert last is not None
    assert (last.changes, last.ended_ns) == ((Change("c", "users", 2, 2),), 20)
    assert did(TransactionOutcome.ROLLED_BACK).last_committed() is None


def test_arrivals_of_a_record_are_those_that_were_noted() -> None:
    noted = Arrivals()
    noted.note(EVENT, ("u", "users", 1, 3), 100)
    noted.note(EVENT, ("u", "users", 1, 3), 200)
    noted.note(TOMBSTONE, ("u", "users", 1, 3), 300)
    again = Arrivals(noted.all)
    assert again.all == [Arrival(("u", "users", 1, 3), 1, 100, 7)]
    assert again.of_change(("u", "users", 1, 3)) == noted.of_change(("u", "users", 1, 3))
    assert again.first_of_each() == noted.first_of_each()


def test_only_a_task_that_runs_counts_as_running() -> None:
    assert TaskRecord("RUNNING", ("RUNNING", "RUNNING")).running
    assert not TaskRecord("RUNNING", ("RUNNING", "FAILED")).running
    assert not TaskRecord("RUNNING", ()).running
    assert not TaskRecord("unknown", (), trouble="no answer").running
