"""The audit of a team's connectors: each captured table compared with its topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.record.section import json_section

MISSING, SURPLUS, DIFFERENT = "missing", "surplus", "different"


@dataclass(frozen=True)
class RowFinding:
    """A row that differs. `kind`: missing in the topic, surplus there, or different.

    `what` names what differs. The place, the LSN and the commit time (ms) are those of the row's
    last event before the cut; None if there is none. `transaction` is the xmin of PostgreSQL's row.
    """

    kind: str
    key: str
    what: str = ""
    lsn: int | None = None
    committed_ms: int | None = None
    partition: int | None = None
    offset: int | None = None
    transaction: int | None = None


@dataclass(frozen=True)
class AuditedTable:
    """A table compared with the state that its topic holds at the cut.

    `key`: the columns that identify a row; empty for rows that were compared as multisets.
    `skipped`: column -> why it was not compared in any row. `partly`: what was not compared in some
    rows -> how many. `judged`: rows that were compared with the topic; None in records of older
    versions. `unverified`: rows whose digests differ and whose values were not read again.
    `since`: from where on missing rows can be named; empty if from the beginning. `trouble`: why
    the table was not compared. `notes`: what explains a difference, or limits the result.
    `unreadable`: records of its topic that are not envelopes, the first of which is described.
    """

    name: str
    topic: str
    rows: int = 0
    events: int = 0
    key: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    partly: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0
    surplus: int = 0
    different: int = 0
    judged: int | None = None
    unverified: int = 0
    findings: tuple[RowFinding, ...] = ()
    since: str = ""
    trouble: str = ""
    notes: tuple[str, ...] = ()
    unreadable: int = 0
    first_unreadable: str = ""

    @property
    def wrong(self) -> int:
        """Number of rows that are missing, surplus or different."""
        return self.missing + self.surplus + self.different


@dataclass(frozen=True)
class CutRecord:
    """The point of comparison: PostgreSQL's snapshot, its LSN, and how it was reached.

    The reading transaction was open for `open_s` seconds. The slot had confirmed `confirmed_lsn`
    when the topics' ends were read, after a wait of `waited_s`. In a quiet database it may never
    confirm the cut: `settled` if PostgreSQL had sent the connector everything up to the cut, and
    nothing came of it any more.
    """

    snapshot: str
    lsn: int
    open_s: float
    confirmed_lsn: int
    waited_s: float
    settled: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that the snapshot sees was in the topics, as far as can be known."""
        return self.confirmed_lsn >= self.lsn or self.settled


@dataclass(frozen=True)
class AuditedConnector:
    """The tables of one connector. `doubts`: settings that are not understood, and what else makes
    a difference ambiguous."""

    name: str
    slot: str
    cut: CutRecord
    tables: tuple[AuditedTable, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditRecord:
    """All connectors, with the audit's duration and this process's largest memory.

    `left_out`: sentences about connectors that may be the team's and were not audited.
    """

    connectors: tuple[AuditedConnector, ...]
    seconds: float
    memory_bytes: int
    left_out: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[AuditedTable, ...]:
        """The tables of all connectors."""
        return tuple(table for each in self.connectors for table in each.tables)

    @property
    def rate(self) -> float:
        """Rows and events per second of the whole audit."""
        done = sum(table.rows + table.events for table in self.tables)
        return done / self.seconds if self.seconds else 0.0


AUDIT = json_section("audit", AuditRecord)
