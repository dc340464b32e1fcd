"""The events of each row among themselves.

CDC order: events of one row in another order than its changes (first events only: what is sent
again after a restart comes again in its old order).
CDC before: under REPLICA IDENTITY FULL an event's `before` is the `after` of the event before it,
in every column that both have: one that was added or dropped between them is in one only.
CDC tombstones: a delete without a null value behind it.

INCONCLUSIVE when the topics were not read to their end, or when nothing was committed.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.cdc_identity import doubt, first_events
from support.checks.judged import none_of, not_measured
from support.record.changes import WrittenChanges
from support.record.envelope import Row
from support.record.events import Event, EventLog
from support.results.schema import Check


def check_rows(log: EventLog, written: WrittenChanges) -> tuple[Check, ...]:
    """`before` is judged where events have to tell it."""
    judges = [
        ("CDC order", "events", "0 events out of the order of their row", out_of_order),
        ("CDC tombstones", "deletes", "0 deletes without a tombstone", without_tombstone),
    ]
    if log.full_identity:
        told = "0 events whose before is not the after before it"
        judges.append(("CDC before", "events", told, wrong_before))
    why = doubt(log, written)
    if why:
        return tuple(not_measured(name, unit, told, why) for name, unit, told, _ in judges)
    return tuple(none_of(name, unit, told, list(judge(log))) for name, unit, told, judge in judges)


def out_of_order(log: EventLog) -> Iterator[str]:
    latest: dict[tuple[str, int], int] = {}
    for (op, table, key, version), event in first_events(log):
        before = latest.get((table, key), -1)
        if op != "d" and version < before:
            yield f"{event.place}: version {version} after {before}"
        # Nothing of a row may come after its delete, because its key is never used again.
        latest[table, key] = 2**62 if op == "d" else version


def wrong_before(log: EventLog) -> Iterator[str]:
    latest: dict[tuple[str, int], Row] = {}
    for (op, table, key, _), event in first_events(log):
        assert event.envelope is not None
        place, before, after = (table, key), event.envelope.before, event.envelope.after
        if op in ("u", "d") and before is not None:
            told = sorted(_differences(before, latest.get(place, {}), after))
            if told:
                yield f"{event.place}: {', '.join(told)}"
        latest.pop(place, None)
        if after is not None:
            latest[place] = after


def _differences(before: Row, earlier: Row, after: Row | None) -> Iterator[str]:
    """Between `before` and the `after` of the event before it; and columns that the event's own
    `after` has and its `before` has not."""
    for name in before.keys() & earlier.keys():
        if before[name] != earlier[name]:
            told = f"{str(before[name])[:40]!r} and {str(earlier[name])[:40]!r}"
            yield f"before and after before it have {name} {told}"
    for name in (after or {}).keys() - before.keys():
        yield f"before has no {name}, after has"


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
