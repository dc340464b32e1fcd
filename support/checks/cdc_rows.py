"""Compares the events of each row with each other.

CDC order: the events of a row are in the order of its changes. Only first events count, because
after a restart events are sent again in their old order.
CDC before: under REPLICA IDENTITY FULL the `before` of an event is the `after` of the row's
previous event, in every column that both have: a column that was added or dropped between the two
events is in only one of them.
CDC tombstones: a delete is followed by a null value.

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


def order(log: EventLog, written: WrittenChanges) -> Check:
    """Judges whether the events of each row come in the order of its changes."""
    name, unit, objective = "CDC order", "events", "0 events out of the order of their row"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    return none_of(name, unit, objective, list(out_of_order(log)))


def tombstones(log: EventLog, written: WrittenChanges) -> Check:
    """Judges whether a tombstone follows the event of each delete."""
    name, unit, objective = "CDC tombstones", "deletes", "0 deletes without a tombstone"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    return none_of(name, unit, objective, list(without_tombstone(log)))


def before(log: EventLog, written: WrittenChanges) -> Check:
    """Judges whether `before` of each event equals `after` of the row's previous event.

    INCONCLUSIVE without REPLICA IDENTITY FULL, because events then have no complete `before`.
    """
    name, unit = "CDC before", "events"
    objective = "0 events whose before differs from the previous after"
    why = doubt(log, written)
    if not log.full_identity:
        why = "the tables do not have REPLICA IDENTITY FULL"
    if why:
        return not_measured(name, unit, objective, why)
    return none_of(name, unit, objective, list(wrong_before(log)))


def out_of_order(log: EventLog) -> Iterator[str]:
    """Yields a line for each first event that comes after that of a later change of its row."""
    latest: dict[tuple[str, int], int] = {}
    for (op, table, key, version), event in first_events(log):
        before = latest.get((table, key), -1)
        if op != "d" and version < before:
            yield f"{event.place}: version {version} after {before}"
        # Nothing of a row may come after its delete, because its key is never used again.
        latest[table, key] = 2**62 if op == "d" else version


def wrong_before(log: EventLog) -> Iterator[str]:
    """Yields a line for each event whose `before` is not the row's last state."""
    latest: dict[tuple[str, int], Row] = {}
    for (op, table, key, _), event in first_events(log):
        assert event.envelope is not None
        place, before, after = (table, key), event.envelope.before, event.envelope.after
        if op in ("u", "d") and before is not None:
            differing = sorted(_differences(before, latest.get(place, {}), after))
            if differing:
                yield f"{event.place}: {', '.join(differing)}"
        latest.pop(place, None)
        if after is not None:
            latest[place] = after


def _differences(before: Row, earlier: Row, after: Row | None) -> Iterator[str]:
    """Yields the differences between `before` and the `after` of the previous event.

    Also yields the columns that the event's own `after` has and its `before` lacks.
    """
    for name in before.keys() & earlier.keys():
        if before[name] != earlier[name]:
            values = f"{str(before[name])[:40]!r} and {str(earlier[name])[:40]!r}"
            yield f"before and the previous after have {name} {values}"
    for name in (after or {}).keys() - before.keys():
        yield f"before has no {name}, after has"


def without_tombstone(log: EventLog) -> Iterator[str]:
    """Yields a line for each delete that no tombstone follows."""
    waiting: dict[tuple[str, int], Event] = {}
    for event in log.events:
        place = event.table, event.key
        if event.envelope is None:
            waiting.pop(place, None)
        elif event.envelope.op == "d":
            waiting[place] = event
    for event in waiting.values():
        yield f"{event.place}: key {event.key}"
