"""The events of each row, among themselves and against the row in PostgreSQL.

CDC order: events of one row in another order than its changes (first events only: what is sent
again after a restart comes again in its old order).
CDC before: under REPLICA IDENTITY FULL an event's `before` is the `after` of the event before it.
CDC tombstones: a delete without a null value behind it.
CDC image: the state folded from the events is not the state of the tables.

INCONCLUSIVE when the topics were not read to their end, or when nothing was committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.checks.cdc_identity import doubt, first_events
from support.checks.judged import none_of, not_measured
from support.ledger.changes import WrittenChanges
from support.ledger.envelope import Row
from support.ledger.events import Event, EventLog, Image
from support.results.schema import Check

UNCHANGED = "__debezium_unavailable_value"
"""Stands for a large value that an update left alone, where PostgreSQL does not tell it (REPLICA
IDENTITY DEFAULT)."""


def check_rows(log: EventLog, written: WrittenChanges, image: Image) -> tuple[Check, ...]:
    """`image`: every row of the tables. `before` is judged where events have to tell it."""
    judges = [
        ("CDC order", "events", "0 events out of the order of their row", out_of_order),
        ("CDC tombstones", "deletes", "0 deletes without a tombstone", without_tombstone),
    ]
    if log.full_identity:
        told = "0 events whose before is not the after before it"
        judges.append(("CDC before", "events", told, wrong_before))
    why = doubt(log, written)
    objective = "0 rows that differ between the folded events and PostgreSQL"
    if why:
        checks = [not_measured(name, unit, told, why) for name, unit, told, _ in judges]
        return (*checks, not_measured("CDC image", "rows", objective, why))
    checks = [none_of(name, unit, told, list(judge(log))) for name, unit, told, judge in judges]
    right = [f"{len(image)} rows equal"]
    return (*checks, none_of("CDC image", "rows", objective, wrong_rows(log, image), right))


def out_of_order(log: EventLog) -> Iterator[str]:
    latest: dict[tuple[str, int], int] = {}
    for (op, table, key, version), event in first_events(log):
        before = latest.get((table, key), -1)
        if op != "d" and version < before:
            yield f"{event.place}: version {version} after {before}"
        # Nothing of a row may come after its delete, because its key is never used again.
        latest[table, key] = 2**62 if op == "d" else version


def wrong_before(log: EventLog) -> Iterator[str]:
    latest: dict[tuple[str, int], Row | None] = {}
    for (op, table, key, _), event in first_events(log):
        assert event.envelope is not None
        place, before = (table, key), event.envelope.before
        if op in ("u", "d") and place in latest and before != latest[place]:
            yield f"{event.place}: {_difference(before, latest[place], 'before', 'after')}"
        latest[place] = event.envelope.after


def without_tombstone(log: EventLog) -> Iterator[str]:
    waiting: dict[tuple[str, int], Event] = {}
    for event in log.events:
        place = event.table, event.key
        if event.envelope is None:
            waiting.pop(place, None)
        elif event.envelope.op == "d":
            waiting[place] = event
    for event in waiting.values():
        yield f"{event.place}: key {event.key}"


def wrong_rows(log: EventLog, image: Image) -> list[str]:
    folded, found = fold(log.events), []
    for place in sorted(folded.keys() | image.keys()):
        mine, real = folded.get(place), image.get(place)
        if mine != real:
            difference = _difference(mine, real, "the events", "PostgreSQL")
            found.append(f"{place[0]} {place[1]}: {difference}")
    return found


def fold(events: Sequence[Event]) -> dict[tuple[str, int], Row]:
    """The rows as the last event of each leaves them."""
    rows: dict[tuple[str, int], Row] = {}
    for event in events:
        if event.envelope is None:
            continue
        place, after = (event.table, event.key), event.envelope.after
        if after is None:
            rows.pop(place, None)
            continue
        known = rows.get(place, {})
        kept = {name: known.get(name, UNCHANGED) for name, v in after.items() if v == UNCHANGED}
        rows[place] = {**after, **kept}
    return rows


def _difference(mine: object, other: object, my_name: str, other_name: str) -> str:
    if not isinstance(mine, dict) or not isinstance(other, dict):
        return f"only in {my_name if other is None else other_name}"
    columns = [name for name in {**mine, **other} if mine.get(name) != other.get(name)]
    told = (f"{c} {str(mine.get(c))[:40]!r} and {str(other.get(c))[:40]!r}" for c in columns)
    return f"{my_name} and {other_name} have " + ", ".join(told)
