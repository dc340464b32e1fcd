"""Which change an event speaks of: by operation, table, key and version.

Never by LSN alone: rows of one COPY share one. A delete is known by its key alone, because under
REPLICA IDENTITY DEFAULT its event has no other column, and a deleted key is never used again. A
TRUNCATE is about no single row, and is known by its LSN.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.record.changes import Change, Fate, WrittenChanges
from support.record.envelope import ROWLESS
from support.record.events import Event, EventLog

Identity = tuple[str, str, int, int]
"""op, table, key, version (0 of a delete, the LSN of a TRUNCATE)."""

Occurrence = tuple[Identity, int]
"""With the LSN of a streamed insert or update: a trigger may change a row again without giving it
another version, but what is sent again has the LSN that it had."""


def identity(event: Event) -> Identity | None:
    """None for a tombstone, and for a logical message. A snapshot's event has op r."""
    envelope = event.envelope
    if envelope is None or envelope.op == "m":
        return None
    if envelope.op == "t":
        return "t", event.table, event.key, event.lsn
    if envelope.op == "d":
        return "d", event.table, event.key, 0
    version = (envelope.after or {}).get("version")
    return envelope.op, event.table, event.key, version if isinstance(version, int) else -1


def occurrence(event: Event) -> Occurrence | None:
    """Equal for two events only if one is the other, sent again."""
    what = identity(event)
    return what and (what, event.lsn if what[0] in ("c", "u") else 0)


def of_change(change: Change) -> Identity:
    return change.op, change.table, change.key, 0 if change.op == "d" else change.version


def first_events(log: EventLog) -> Iterator[tuple[Identity, Event]]:
    """Events of single rows, in reading order, without tombstones and what is sent again."""
    seen: set[Occurrence] = set()
    for event in log.events:
        what = occurrence(event)
        if what is not None and what[0][0] not in ROWLESS and what not in seen:
            seen.add(what)
            yield what[0], event


UNREAD = "the topics were not read to their end"


def doubt(log: EventLog, written: WrittenChanges) -> str:
    """Why nothing can be judged; empty when it can."""
    if not log.complete:
        return UNREAD
    return "" if written.of(Fate.COMMITTED) else "nothing was committed"
