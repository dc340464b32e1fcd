"""The state of the tables as the events leave it.

Events of a row are in one partition, in their order; the event of a TRUNCATE has no key, and may
be in another partition. It removes the rows of its table whose last event lies before it in the
write-ahead log: while a TRUNCATE is under way, nobody else changes the table.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.record.envelope import Envelope, Row
from support.record.events import Event

UNCHANGED = "__debezium_unavailable_value"
"""Stands for a large value that an update left alone, where PostgreSQL does not tell it (REPLICA
IDENTITY DEFAULT)."""
_UNCHANGED_FORMS: tuple[object, ...] = (
    UNCHANGED,
    [UNCHANGED],
    base64.b64encode(UNCHANGED.encode()).decode(),
)
"""The forms of a text, an array of texts, and bytes."""


@dataclass(frozen=True)
class Folded:
    """A row as its last event leaves it, and that event's place in the write-ahead log.

    `unsent`: columns of which no event under this key has the value. A change of a key arrives as
    the delete of one row and the creation of another, and without REPLICA IDENTITY FULL the latter
    lacks a large value that was left alone.
    """

    row: Row
    lsn: int
    unsent: frozenset[str] = frozenset()


NOTHING = Folded({}, 0)


def fold(events: Sequence[Event]) -> Mapping[tuple[str, int], Folded]:
    """(table, key) -> row, of every row that is there in the end."""
    rows: dict[tuple[str, int], Folded] = {}
    emptied: dict[str, int] = {}
    for event in events:
        envelope = event.envelope
        if envelope is None or envelope.op == "m":
            continue
        if envelope.op == "t":
            emptied[event.table] = max(event.lsn, emptied.get(event.table, 0))
            continue
        place = event.table, event.key
        if envelope.after is None:
            rows.pop(place, None)
        else:
            rows[place] = _laid_over(rows.get(place, NOTHING), envelope, event.lsn)
    return {place: row for place, row in rows.items() if row.lsn >= emptied.get(place[0], 0)}


def _laid_over(known: Folded, envelope: Envelope, lsn: int) -> Folded:
    """The event's row; a large value that the event leaves out is that of the event before it."""
    after = envelope.after or {}
    left_alone = {name for name, value in after.items() if value in _UNCHANGED_FORMS}
    row = {**after, **{name: known.row.get(name, UNCHANGED) for name in left_alone}}
    # An INSERT has every value: a creation without one is the change of a key.
    unsent = left_alone if envelope.op == "c" else left_alone & known.unsent
    return Folded(row, lsn, frozenset(unsent))


def since_when(events: Sequence[Event]) -> Mapping[tuple[str, str], int]:
    """(table, column) -> LSN of the first event whose row has it."""
    since: dict[tuple[str, str], int] = {}
    for event in events:
        after = event.envelope.after if event.envelope is not None else None
        for name in after or ():
            known = since.get((event.table, name))
            since[event.table, name] = event.lsn if known is None else min(known, event.lsn)
    return since


def truncates(events: Sequence[Event]) -> list[str]:
    """How many there were of each table, for people."""
    places = {(e.table, e.lsn) for e in events if e.envelope is not None and e.envelope.op == "t"}
    counts = Counter(table for table, _ in places)
    return [
        f"{count} TRUNCATE of {table}, which the image follows" for table, count in counts.items()
    ]
