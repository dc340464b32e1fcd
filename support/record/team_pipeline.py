"""The pipeline that captures the tables: its connectors, replication slots, tables and topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.record.capture import TaskRecord
from support.record.section import json_section


@dataclass(frozen=True)
class ConnectorSeen:
    """A connector, the replication slot that it names, its publication and its heartbeat.

    `heartbeat_ms` is None where the worker looks it up elsewhere.
    """

    name: str
    state: TaskRecord
    slot: str
    publication: str = ""
    heartbeat_ms: int | None = 0


@dataclass(frozen=True)
class SlotSeen:
    """A replication slot of the server; positions (LSN) and sizes in bytes of write-ahead log.

    `database` is empty for a physical slot. `retained_bytes` is what the server keeps for it, 0
    for a lost one. `wal_status` and `safe_bytes` (what can still be written before the slot may be
    lost) are empty and None where the server has no limit or does not report them (before 13).
    """

    name: str
    active: bool
    confirmed_lsn: int
    retained_bytes: int
    wal_status: str = ""
    safe_bytes: int | None = None
    database: str = ""


@dataclass(frozen=True)
class TableSeen:
    """A captured table, and its topic.

    `changed`: by how much PostgreSQL's counters of inserted, updated and deleted rows rose while
    it was watched. `arrived`: how many records its topic got meanwhile. `stored`: how many it got
    ever. `event_age_s`: the age of its last record at the end; None without one. `rows`: an
    estimate. `published` is False for a table that the publication lacks; `named` is True for one
    that the connector's table.include.list names.
    """

    table: str
    topic: str
    connector: str
    changed: int
    arrived: int
    stored: int
    event_age_s: float | None
    rows: int
    published: bool = True
    named: bool = False


@dataclass(frozen=True)
class PipelineRecord:
    """A look at the pipeline that took `looked_s` seconds.

    `confirmed_before`: slot -> what it had confirmed at the beginning. `written_before`: the end
    of the write-ahead log then. `keep_bytes`: max_slot_wal_keep_size; None if there is no limit.
    `unmapped`: settings of connectors because of which the topics of some tables are not known.
    `absent`: why there is no connector; empty when there is one. `left_out`: sentences about
    connectors that may be the team's and are not judged. `flush_s`: how often the workers confirm
    what they stored, in seconds; 0 in older records.
    """

    connectors: Sequence[ConnectorSeen]
    slots: Sequence[SlotSeen]
    tables: Sequence[TableSeen]
    confirmed_before: Mapping[str, int] = field(default_factory=dict)
    written_before: int = 0
    written_lsn: int = 0
    keep_bytes: int | None = None
    looked_s: float = 0.0
    unmapped: tuple[str, ...] = ()
    absent: str = ""
    left_out: tuple[str, ...] = ()
    flush_s: float = 0.0

    def slot(self, name: str) -> SlotSeen | None:
        """Returns the slot of that name; None if the server has none."""
        return next((slot for slot in self.slots if slot.name == name), None)


PIPELINE = json_section("pipeline", PipelineRecord)
