"""Events of the captured tables as they stand in the topics, in reading order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.ledger.envelope import Envelope


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


Image = Mapping[tuple[str, int], Mapping[str, object]]
"""(table, key) -> column -> value."""
