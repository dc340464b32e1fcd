"""Applies events in order, which gives the rows of the tables.

The events of a row are in one partition, in order. The event of a TRUNCATE has no key and may be in
another partition. It removes the rows of its table whose last event has a lower LSN: nobody can
change a table while a TRUNCATE is under way.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.record.envelope import Envelope, Row
from support.record.events import Event

UNCHANGED = "__debezium_unavailable_value"
"""Stands for a large value that an update did not touch. Under REPLICA IDENTITY DEFAULT PostgreSQL
does not pass such a value on."""


def placeholder_forms(placeholder: str) -> tuple[object, ...]:
    """Returns the placeholder of a text, of an array of texts, of a map, and of bytes."""
    raw = placeholder.encode()
    encoded = base64.b64encode(raw).decode(), raw.hex(), base64.urlsafe_b64encode(raw).decode()
    return (placeholder, [placeholder], {placeholder: placeholder}, *encoded)


_UNCHANGED_FORMS = placeholder_forms(UNCHANGED)


@dataclass(frozen=True)
class Folded:
    """A row as its last event leaves it, and the LSN of that event.

    `unsent`: columns whose value no event of this key has. A change of a key arrives as the delete
    of one row and the creation of another. Without REPLICA IDENTITY FULL the creation lacks the
    large values that the change did not touch.
    """

    row: Row
    lsn: int
    unsent: frozenset[str] = frozenset()


NOTHING = Folded({}, 0)


def fold(events: Sequence[Event]) -> Mapping[tuple[str, int], Folded]:
    """Returns (table, key) -> row, for every row that exists after the last event."""
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
    """Returns the event's row; large values that it lacks are taken from the event before it."""
    after = envelope.after or {}
    left_alone = {name for name, value in after.items() if value in _UNCHANGED_FORMS}
    row = {**after, **{name: known.row.get(name, UNCHANGED) for name in left_alone}}
    # A creation that lacks a value is a change of the key: an INSERT has every value.
    unsent = left_alone if envelope.op == "c" else left_alone & known.unsent
    return Folded(row, lsn, frozenset(unsent))


def since_when(events: Sequence[Event]) -> Mapping[tuple[str, str], int]:
    """Returns (table, column) -> LSN of the first event whose row has the column."""
    since: dict[tuple[str, str], int] = {}
    for event in events:
        after = event.envelope.after if event.envelope is not None else None
        for name in after or ():
            known = since.get((event.table, name))
            since[event.table, name] = event.lsn if known is None else min(known, event.lsn)
    return since


def truncates(events: Sequence[Event]) -> list[str]:
    """Returns a line for each table that was truncated: how often."""
    places = {(e.table, e.lsn) for e in events if e.envelope is not None and e.envelope.op == "t"}
    counts = Counter(table for table, _ in places)
    return [
        f"{count} TRUNCATE of {table}, which the image follows" for table, count in counts.items()
    ]
