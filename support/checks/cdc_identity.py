"""Identifies the change that an event describes: by operation, table, key and version.

An LSN alone does not identify a change, because rows of one COPY share it. A delete is identified
by its key alone: under REPLICA IDENTITY DEFAULT its event has no other column, and a deleted key is
never used again. A TRUNCATE is about no single row and is identified by its LSN.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.record.changes import Change, TransactionOutcome, WrittenChanges
from support.record.envelope import ROWLESS
from support.record.events import Event, EventLog

Identity = tuple[str, str, int, int]
"""op, table, key, version (0 of a delete, the LSN of a TRUNCATE)."""

Occurrence = tuple[Identity, int]
"""A change with the LSN of a streamed insert or update, else 0. A trigger may change a row again
without giving it another version; an event that is sent again has the same LSN as before."""


def identity(event: Event) -> Identity | None:
    """Returns the change that an event describes; None for a tombstone and a logical message.

    An event of a snapshot has op r.
    """
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
    """Returns a key that identifies an event; a repeated event has the same."""
    what = identity(event)
    return what and (what, event.lsn if what[0] in ("c", "u") else 0)


def of_change(change: Change) -> Identity:
    """Returns how the event of a change is identified."""
    return change.op, change.table, change.key, 0 if change.op == "d" else change.version


def first_events(log: EventLog) -> Iterator[tuple[Identity, Event]]:
    """Yields the first event of each change of a row, in reading order."""
    seen: set[Occurrence] = set()
    for event in log.events:
        what = occurrence(event)
        if what is not None and what[0][0] not in ROWLESS and what not in seen:
            seen.add(what)
            yield what[0], event


UNREAD = "the topics were not read to their end"


def doubt(log: EventLog, written: WrittenChanges) -> str:
    """Returns why nothing can be judged; empty when it can."""
    if not log.complete:
        return UNREAD
    return "" if written.of(TransactionOutcome.COMMITTED) else "nothing was committed"
