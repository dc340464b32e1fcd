"""Which change an event speaks of: by operation, table, key and version.

Never by LSN: rows of one COPY share one. A delete is told by its key alone, because under REPLICA
IDENTITY DEFAULT its event has no other column, and a deleted key is never used again.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.ledger.changes import Change, Fate, WrittenChanges
from support.ledger.events import Event, EventLog

Identity = tuple[str, str, int, int]
"""op, table, key, version (0 of a delete)."""


def identity(event: Event) -> Identity | None:
    """None for a tombstone. A snapshot's event has op r."""
    envelope = event.envelope
    if envelope is None:
        return None
    if envelope.op == "d":
        return "d", event.table, event.key, 0
    version = (envelope.after or {}).get("version")
    return envelope.op, event.table, event.key, version if isinstance(version, int) else -1


def of_change(change: Change) -> Identity:
    return change.op, change.table, change.key, 0 if change.op == "d" else change.version


def first_events(log: EventLog) -> Iterator[tuple[Identity, Event]]:
    """In reading order, without tombstones and without what is sent again."""
    seen: set[Identity] = set()
    for event in log.events:
        what = identity(event)
        if what is not None and what not in seen:
            seen.add(what)
            yield what, event


def doubt(log: EventLog, written: WrittenChanges) -> str:
    """Why nothing can be judged; empty when it can."""
    if not log.complete:
        return "the topics were not read to their end"
    return "" if written.of(Fate.COMMITTED) else "nothing was committed"
