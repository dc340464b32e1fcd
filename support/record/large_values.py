"""Long texts in events and rows, abbreviated so that a record of thousands of them stays small.

A value of up to a thousand characters stays as it is. A longer one is replaced by its beginning,
length and SHA-256 digest, in the events and in the tables alike, so that two values are
still equal exactly when they were before. Only columns of a plain text type are abbreviated:
events carry other types in another form than PostgreSQL writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import msgspec

from support.record.envelope import Row as EventRow
from support.record.events import Columns, Event, EventLog
from support.record.tables import Row as TableRow
from support.record.tables import Tables

LONGEST, BEGINNING = 1_000, 40
"""Characters of a value that is kept whole, and of the beginning of a longer one."""
TEXTS = ("text", "varchar")


def abbreviated(log: EventLog, tables: Tables) -> tuple[EventLog, Tables]:
    """Returns events and tables with their long texts abbreviated."""
    columns = text_columns(tables.columns_before, tables.columns)
    events = [_event(event, columns.get(event.table, set())) for event in log.events]
    rows = {
        table: {key: _texts(row, columns.get(table, set())) for key, row in by_key.items()}
        for table, by_key in tables.rows.items()
    }
    return replace(log, events=events), replace(tables, rows=rows)


def text_columns(*states: Columns) -> Mapping[str, set[str]]:
    """Returns table -> columns that are a plain text in each of these states that has them."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for columns in states:
        for table, names in columns.items():
            for name, column in names.items():
                kinds.setdefault((table, name), set()).add(column.kind)
    found: dict[str, set[str]] = {}
    for (table, name), each in kinds.items():
        if each <= set(TEXTS):
            found.setdefault(table, set()).add(name)
    return found


def _event(event: Event, names: set[str]) -> Event:
    envelope = event.envelope
    if envelope is None:
        return event
    before, after = (_values(row, names) for row in (envelope.before, envelope.after))
    return replace(event, envelope=msgspec.structs.replace(envelope, before=before, after=after))


def _values(row: EventRow | None, names: set[str]) -> EventRow | None:
    """Returns a row of an event; a column that is a text can still have another value there."""
    return row and {
        name: _short(value) if name in names and isinstance(value, str) else value
        for name, value in row.items()
    }


def _texts(row: TableRow, names: set[str]) -> TableRow:
    return {
        name: _short(value) if name in names and value else value for name, value in row.items()
    }


def _short(value: str) -> str:
    if len(value) <= LONGEST:
        return value
    digest = sha256(value.encode(errors="surrogatepass")).hexdigest()
    return f"{value[:BEGINNING]}... ({len(value)} characters, SHA-256 {digest})"
