"""Long texts in events and rows are abbreviated alike."""

from __future__ import annotations

from support.record.envelope import Envelope, Row, Source
from support.record.events import Column, Event, EventLog
from support.record.large_values import BEGINNING, LONGEST, abbreviated, text_columns
from support.record.tables import Tables

LONG, OTHER = "x" * (LONGEST + 1), "x" * LONGEST + "y"
KEPT = "x" * LONGEST
SOURCE = Source("2.5", "postgresql", "db", 1, "false", "app", "public", "users")
COLUMNS = {"users": {"id": Column("int8"), "name": Column("text"), "raw": Column("bytea")}}


def log(before: Row | None, after: Row | None) -> EventLog:
    return EventLog([Event("users", 0, 0, 1, Envelope("u", SOURCE, 1, before, after))], [], True)


def tables(**row: str | None) -> Tables:
    return Tables({"users": {1: row}}, COLUMNS, COLUMNS)


def test_equal_texts_stay_equal_and_others_stay_different() -> None:
    events, rows = abbreviated(
        log({"id": 1, "name": OTHER}, {"id": 1, "name": LONG}), tables(id="1", name=LONG)
    )
    envelope = events.events[0].envelope
    assert envelope is not None
    assert envelope.before is not None
    assert envelope.after is not None
    assert envelope.after["name"] == rows.rows["users"][1]["name"]
    assert envelope.before["name"] != envelope.after["name"]
    short = str(envelope.after["name"])
    assert short.startswith("x" * BEGINNING + f"... ({LONGEST + 1} characters, SHA-256 ")
    assert len(short) < 200


def test_what_is_short_or_no_plain_text_is_kept() -> None:
    after: Row = {"id": 1, "name": KEPT, "raw": LONG, "more": [LONG]}
    events, rows = abbreviated(log(None, after), tables(id="1", name=None, raw=LONG))
    assert events.events[0].envelope is not None
    assert events.events[0].envelope.after == after
    assert rows.rows["users"][1] == {"id": "1", "name": None, "raw": LONG}


def test_a_column_that_was_given_another_type_is_kept() -> None:
    before = {"users": {"name": Column("bytea"), "old": Column("varchar")}}
    assert text_columns(before, COLUMNS) == {"users": {"old"}}
    assert text_columns(COLUMNS) == {"users": {"name"}}


def test_events_of_an_unknown_table_and_tombstones_are_kept() -> None:
    tombstone = Event("users", 0, 1, 1, None)
    stranger = Event("others", 0, 1, 1, Envelope("c", SOURCE, 1, None, {"name": LONG}))
    given = EventLog([tombstone, stranger], [], True)
    assert abbreviated(given, tables())[0] == given
