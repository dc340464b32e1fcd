"""No committed change of a row writer can vanish unseen, whatever becomes of its row."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from support.checks.cdc_changes import missing_changes
from support.generate.row_writer import RowWriter
from support.record.changes import Change, TransactionOutcome, WrittenChanges
from support.record.envelope import Envelope, Source
from support.record.events import Event, EventLog
from support.waiting import wait_until
from tests.generate.tables_server import TablesServer

FIRST_LSN = 200
"""Where the snapshot was taken; the stand-in's write-ahead log moves at every look."""


@pytest.fixture(scope="module")
def written() -> WrittenChanges:
    server = TablesServer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", server.connect)
        writer = RowWriter("host=nowhere", "own", 3, 2_000, 1_000)
        writer.start()
        wait_until(
            lambda: len(writer.written.transactions),
            lambda done: done > 600,
            timedelta(seconds=20),
            "transactions",
        )
        return writer.finish()


def event_of(op: str, change: Change, lsn: int) -> Event:
    marker = "true" if op == "r" else "false"
    source = Source("2.5", "p", "dbserver", 1, marker, "app", "public", change.table, lsn, 7)
    row: dict[str, object] = {"id": change.key, "version": change.version}
    before, after = (row, None) if op == "d" else (None, row)
    envelope = Envelope(op, source, 1, before, after)  # type: ignore[arg-type]
    return Event(change.table, 0, 0, change.key, envelope, 1)


def log_of(written: WrittenChanges) -> list[Event]:
    """Debezium's events for it: a snapshot of the rows that existed, and then every change."""
    there: dict[tuple[str, int], Change] = {}
    streamed = []
    for transaction in written.transactions:
        if transaction.outcome is not TransactionOutcome.COMMITTED:
            continue
        assert transaction.before_lsn is not None
        for change in transaction.changes:
            if transaction.before_lsn >= FIRST_LSN:
                streamed.append(event_of(change.op, change, transaction.before_lsn + 1))
            elif change.op == "d":
                del there[change.table, change.key]
            else:
                there[change.table, change.key] = change
    return [*(event_of("r", change, FIRST_LSN) for change in there.values()), *streamed]


def missing(events: list[Event], written: WrittenChanges) -> list[Change]:
    return [change for _, change in missing_changes(EventLog(events, [], True), written)]


def test_what_debezium_makes_of_it_is_complete(written: WrittenChanges) -> None:
    events = log_of(written)
    assert {"r", "c", "u", "d"} <= {event.envelope.op for event in events if event.envelope}
    assert missing(events, written) == []


def test_every_row_whose_events_vanish_is_missed(written: WrittenChanges) -> None:
    events = log_of(written)
    places = {(event.table, event.key) for event in events}
    gone = written.deleted()
    assert len(places & gone) > 50
    for place in places:
        left = [event for event in events if (event.table, event.key) != place]
        lost = missing(left, written)
        assert lost, place
        assert {(change.table, change.key) for change in lost} == {place}


def test_every_single_event_that_vanishes_is_missed(written: WrittenChanges) -> None:
    events = log_of(written)
    streamed = [e for e in events if e.envelope is not None and e.envelope.op != "r"]
    for event in streamed[::3]:
        assert len(missing([each for each in events if each is not event], written)) == 1
