"""Hand-written tables and topics, compared without a database or a broker."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from support.audit import judging
from support.audit.cut import Cut
from support.audit.digests import comparison_of
from support.audit.dump import TableDump
from support.audit.folding import event_type, place_of
from support.audit.judging import TableReader, compare_table
from support.audit.spill import Spill, nameless_file
from support.audit.tables import CapturedTable, TableColumn
from support.audit.topic import TableEvents, TopicRead
from support.audit.unwrapped import Read, read_whole
from support.clients.broker import BrokerClient
from support.clients.team_connectors import PostgresConnector
from support.record.audit import AuditedTable
from support.record.envelope import Envelope, read_envelope

NOW = 1_700_000_000_000
CUT = Cut.of("1000:1010:1000", 50_000, 40_000, NOW)
ID, NAME = TableColumn("id", "int8"), TableColumn("name", "text")
BODY = TableColumn("body", "text", toastable=True)
UNCHANGED = "__debezium_unavailable_value"
Row = Mapping[str, object]


@dataclass(frozen=True)
class Record:
    """A record as a client of Kafka returns it."""

    record_key: bytes | None
    record_value: bytes | None
    at: int
    which: int
    stored_ms: int = NOW - 60_000

    def key(self) -> bytes | None:
        return self.record_key

    def value(self) -> bytes | None:
        return self.record_value

    def offset(self) -> int:
        return self.at

    def timestamp(self) -> tuple[int, int]:
        return 1, self.stored_ms

    def partition(self) -> int:
        return self.which


@dataclass
class Topic:
    """A topic to which events are added in order; LSNs and transaction ids grow with them."""

    table: str = "users"
    key: tuple[str, ...] = ("id",)
    records: list[Record] = field(default_factory=list)
    lsn: int = 100

    def add(
        self,
        op: str,
        before: Row | None = None,
        after: Row | None = None,
        *,
        tx: int = 500,
        lsn: int | None = None,
        partition: int = 0,
        **source: Any,
    ) -> Topic:
        """Adds an event."""
        self.lsn = self.lsn + 10 if lsn is None else lsn
        snapshot = "true" if op == "r" else "false"
        value = {
            "op": op,
            "ts_ms": NOW,
            "before": before,
            "after": after,
            "source": {
                "version": "2.5.4.Final",
                "connector": "postgresql",
                "name": "p",
                "ts_ms": NOW - 1000,
                "snapshot": snapshot,
                "db": "app",
                "schema": "public",
                "table": self.table,
                "lsn": self.lsn,
                "txId": tx,
                **source,
            },
        }
        key = {name: (after or before or {}).get(name) for name in self.key}
        return self.raw(
            json.dumps(key).encode() if self.key and op != "t" else None,
            json.dumps(value).encode(),
            partition,
        )

    def raw(
        self,
        key: bytes | None,
        value: bytes | None,
        partition: int = 0,
        stored_ms: int = NOW - 60_000,
    ) -> Topic:
        """Adds a record."""
        offset = sum(each.which == partition for each in self.records)
        self.records.append(Record(key, value, offset, partition, stored_ms))
        return self

    def deleted(self, **row: object) -> Topic:
        """Adds the event of a delete, and its tombstone."""
        self.add("d", before=row)
        return self.raw(self.records[-1].record_key, None)

    def events(self) -> dict[int, Envelope]:
        """Returns place -> event."""
        return {
            place_of(each.which, each.at): read_envelope(each.record_value, full_identity=False)
            for each in self.records
            if each.record_value is not None and each.record_value.startswith(b'{"op"')
        }


def table_of(
    columns: Sequence[TableColumn] = (ID, NAME), key: tuple[str, ...] = ("id",), **more: Any
) -> CapturedTable:
    """Returns a table public.users."""
    return CapturedTable(1, "public", "users", tuple(columns), key, **more)


def compared(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    rows: Sequence[Sequence[object]],
    topic: Topic,
    table: CapturedTable | None = None,
    *,
    whole: bool = True,
    config: Mapping[str, str] | None = None,
    parts: int = 4,
    read: Read = read_whole,
    unread: Sequence[int] = (),
) -> AuditedTable:
    """Compares a table with a topic; the last value of each row is its xmin.

    The events at the places of `unread` can't be read a second time.
    """
    table = table or table_of()
    lines = ["\t".join("\\N" if v is None else str(v) for v in row) + "\n" for row in rows]
    file = nameless_file(folder)
    with gzip.GzipFile(fileobj=file, mode="wb") as packed:
        packed.write("".join(lines).encode())
    dump = TableDump(table, len(rows), file, 0)
    connector = PostgresConnector("c", {"topic.prefix": "p", **(config or {})})
    comparison = comparison_of(table, connector)
    spill = Spill(event_type(len(comparison.large)), parts, folder)
    events = TableEvents(comparison, spill)
    taken = TopicRead("p.public.users", "app", CUT, {("public", "users"): events}, read)
    taken.whole = whole
    for record in topic.records:
        taken.take(cast(Any, record))
    known = {place: event for place, event in topic.events().items() if place not in unread}
    monkeypatch.setattr(judging, "events_at", lambda *_: known)
    reader = TableReader(cast(BrokerClient, None), folder, lambda _: None, timedelta(seconds=1))
    return compare_table(reader, taken, events, dump)
