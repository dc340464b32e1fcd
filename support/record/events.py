"""Events of the captured tables as they stand in the topics, in reading order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.record.envelope import Envelope

NO_ROW = -1
"""Stands for the key of an event that is about no single row (TRUNCATE)."""


@dataclass(frozen=True)
class Event:
    """A record of a table's topic. `envelope` is None for a tombstone; `key` the row's id."""

    table: str
    partition: int
    offset: int
    key: int
    envelope: Envelope | None
    stored_ms: int = 0
    """The record's timestamp: wall clock of the connector's producer."""

    @property
    def lsn(self) -> int:
        """Where the change stands in PostgreSQL's write-ahead log; 0 where that is unknown."""
        return (self.envelope.source.lsn or 0) if self.envelope is not None else 0

    @property
    def place(self) -> str:
        return f"{self.table}, partition {self.partition}, offset {self.offset}"


@dataclass(frozen=True)
class EventLog:
    """All events of some tables.

    `illegal`: one line for each that is no legal envelope. `full_identity`: whether the tables
    have REPLICA IDENTITY FULL, under which events tell the whole row before a change.
    """

    events: Sequence[Event]
    illegal: Sequence[str]
    complete: bool
    full_identity: bool = True


@dataclass(frozen=True)
class Column:
    """`kind` is PostgreSQL's name of its type, of a domain the one below it; `_` before the name
    says an array of it. A `generated` one is computed, and not replicated by PostgreSQL."""

    kind: str
    generated: bool = False


Columns = Mapping[str, Mapping[str, Column]]
"""Table -> name -> column."""


@dataclass(frozen=True)
class Altered:
    """When a column was added, or (`retyped`) given another type, by looks at it: where the
    write-ahead log ended at the last look before, and where at the first look afterwards.

    A change that lies behind the latter was made after it; one before the former, before it."""

    not_yet: int
    seen: int
    retyped: bool = False


@dataclass(frozen=True)
class Tables:
    """What PostgreSQL has when the last change is done."""

    rows: Mapping[tuple[str, int], Mapping[str, str | None]]
    """(table, key) -> column -> value as PostgreSQL writes it."""
    columns: Columns
    columns_before: Columns
    """Those of the time before the first change."""
    touched: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, column) -> what a setting of the connector does to it, in words."""
    skips_truncate: bool = False
    """Whether the connector leaves out TRUNCATE (skipped.operations)."""
    altered: Mapping[tuple[str, str], Altered] = field(default_factory=dict)
    """(table, column) -> when it became what it is; no entry where nobody looked meanwhile."""
