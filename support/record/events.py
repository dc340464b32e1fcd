"""Events of the captured tables as they are in the topics, in the order of a fresh reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.record.envelope import Envelope
from support.record.section import zipped_section

NO_ROW = -1
"""The key of an event that is about no single row (TRUNCATE)."""


@dataclass(frozen=True)
class Event:
    """A record of a table's topic. `envelope` is None for a tombstone; `key` is the row's id."""

    table: str
    partition: int
    offset: int
    key: int
    envelope: Envelope | None
    stored_ms: int = 0
    """The record's timestamp in ms since 1970, by the clock of the connector's producer."""

    @property
    def lsn(self) -> int:
        """Position of the change in PostgreSQL's write-ahead log; 0 where it is unknown."""
        return (self.envelope.source.lsn or 0) if self.envelope is not None else 0

    @property
    def place(self) -> str:
        """Table, partition and offset, for people."""
        return f"{self.table}, partition {self.partition}, offset {self.offset}"


@dataclass(frozen=True)
class EventLog:
    """All events of some tables.

    `illegal` has one line for each record that is no legal envelope. `complete` says whether the
    topics were read to their end. With `full_identity` the tables have REPLICA IDENTITY FULL, so
    that an event has the whole row before a change.
    """

    events: Sequence[Event]
    illegal: Sequence[str]
    complete: bool
    full_identity: bool = True


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `kind` is PostgreSQL's name of its type, for a domain that of the type below it, with `_` in
    front for an array. PostgreSQL computes a `generated` column and does not replicate it.
    """

    kind: str
    generated: bool = False


Columns = Mapping[str, Mapping[str, Column]]
"""Table -> name -> column."""


@dataclass(frozen=True)
class Altered:
    """When a column was added or, with `retyped`, given another type.

    The columns are sampled: `not_yet` is the end of the write-ahead log at the last sample without
    the alteration, `seen` at the first sample with it. A change at an LSN above `seen` was made
    after the alteration, one below `not_yet` before it.
    """

    not_yet: int
    seen: int
    retyped: bool = False


EVENTS = zipped_section("events", EventLog)
