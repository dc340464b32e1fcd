"""Reads a topic up to the cut, and keeps a digest of every event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from confluent_kafka import Message

from support.audit.cut import Cut, Side
from support.audit.digests import UNSENT, Comparison
from support.audit.folding import Kind, place_of
from support.audit.spill import Spill
from support.audit.unwrapped import Read, read_whole
from support.errors import Inconclusive
from support.record.envelope import Envelope, IllegalEvent, Row

FIRST_MS = 60_000
"""Transactions of a topic's first minute may have begun before it. Only what was written by later
ones must be in the topic."""

SKEW_MS = 10_000
"""The largest difference between the clocks of PostgreSQL and Kafka that does no harm."""

OF_REGISTRY = b"\x00"
"""The first byte of records in the formats of a Schema Registry."""

_KEY = msgspec.json.Decoder(dict[str, Any])

Name = tuple[str, str]
"""Schema and table."""


@dataclass
class TableEvents:
    """The events read of one table. LSNs and counts are of events before the cut."""

    comparison: Comparison
    spill: Spill
    other_topic: str = ""
    """Where Debezium 2.5 sends the changes of a table whose name is not ASCII."""
    events: int = 0
    truncated_lsn: int = 0
    truncates: int = 0
    resent: bool = False
    """Whether events came again, as after a restart of the connector."""
    trouble: str = ""
    youngest_of_first_minute: int | None = None
    """The lowest age, in transaction ids, of a transaction of the topic's first minute."""
    first_ms: int = 0
    """When PostgreSQL committed the first event; 0 if that is not known."""


@dataclass
class TopicRead:
    """Takes the records of one topic, which may have the events of several tables."""

    topic: str
    database: str
    cut: Cut
    tables: Mapping[Name, TableEvents]
    read: Read = read_whole
    whole: bool = True
    """Whether the topic has every event since a snapshot of all rows."""
    illegal: int = 0
    first_illegal: str = ""
    foreign: int = 0
    """Number of events of other tables or databases."""
    lone_tombstones: int = 0
    """Number of tombstones of which it is not known what they delete."""
    _deleted: dict[int, tuple[bytes | None, TableEvents | None]] = field(default_factory=dict)
    """Partition -> key and table of its last record, if that is the event of a delete."""
    _lsn: dict[int, int] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """Keeps the digest of a record."""
        value, partition = message.value(), message.partition()
        if value is None:
            self._take_tombstone(message)
            return
        self._deleted.pop(partition, None)
        try:
            if value.startswith(OF_REGISTRY):
                raise IllegalEvent("it is in a format of a Schema Registry, which is not read")
            envelope = self.read(value)
        except IllegalEvent as error:
            self.illegal += 1
            place = f"partition {partition}, offset {message.offset()}"
            self.first_illegal = self.first_illegal or f"{place}: {error}"
            return
        source = envelope.source
        table = self.tables.get((source.schema, source.table))
        if table is None or source.db != self.database or envelope.op == "m":
            self.foreign += envelope.op != "m"
            return
        if envelope.op == "d":
            self._deleted[partition] = message.key(), table
        if not table.trouble:
            self._take_event(table, envelope, place_of(partition, message.offset()), partition)

    def _take_event(
        self, table: TableEvents, envelope: Envelope, place: int, partition: int
    ) -> None:
        source = envelope.source
        lsn, is_row = source.lsn or 0, envelope.op == "r"
        side = self.cut.side(lsn, source.txId, source.ts_ms, row=is_row)
        if side is Side.AFTER and not is_row:
            return
        if side is Side.BEFORE:
            self._note(table, envelope, lsn, partition)
        if envelope.op == "t":
            if side is Side.BEFORE:
                table.truncates += 1
                table.truncated_lsn = max(table.truncated_lsn, lsn)
            return
        try:
            for record in _records(table.comparison, envelope, place, lsn, side):
                table.spill.add(record)
        except KeyError as error:
            table.trouble = f"an event lacks the column {error} of the key"
        except Inconclusive as error:
            table.trouble = error.what

    def _note(self, table: TableEvents, envelope: Envelope, lsn: int, partition: int) -> None:
        table.events += 1
        source = envelope.source
        table.resent = table.resent or lsn < self._lsn.get(partition, 0)
        self._lsn[partition] = lsn
        table.first_ms = table.first_ms or source.ts_ms
        if source.ts_ms <= table.first_ms + FIRST_MS and source.txId is not None:
            age, known = self.cut.age(source.txId), table.youngest_of_first_minute
            table.youngest_of_first_minute = age if known is None else min(known, age)

    def _take_tombstone(self, message: Message) -> None:
        """A tombstone follows the event of its delete; in a compacted topic it may be all that is
        left of it."""
        key, table = self._deleted.pop(message.partition(), (None, None))
        if table is not None and key == message.key():
            return
        if len(self.tables) != 1 or message.key() is None:
            self.lone_tombstones += 1
            return
        (table,) = self.tables.values()
        try:
            decoded = _KEY.decode(message.key())
            row: Row = decoded.get("payload", decoded) if "schema" in decoded else decoded
            digest = table.comparison.key_of_event(row)
        except (msgspec.MsgspecError, KeyError):
            self.lone_tombstones += 1
            return
        large = (UNSENT,) * len(table.comparison.large)
        place = place_of(message.partition(), message.offset())
        # A tombstone has no LSN. By the brokers' clock it was written after the commit.
        old = message.timestamp()[1] < self.cut.taken_ms - SKEW_MS
        table.spill.add((digest, place, 0, 0, Kind.GONE if old else Kind.OPEN, 0, large))


def _records(
    comparison: Comparison, envelope: Envelope, place: int, lsn: int, side: Side
) -> list[tuple[Any, ...]]:
    """Returns the records of an event: one for a row with a key; without one, one for the row
    before it and one for the row after it."""
    kinds = {Side.BEFORE: Kind.THERE, Side.AFTER: Kind.LATER, Side.UNKNOWN: Kind.OPEN}
    kind, after, before = kinds[side], envelope.after, envelope.before
    if not comparison.table.key:
        made = []
        for row, which in ((before, Kind.GONE), (after, Kind.THERE)):
            if row is not None:
                digest, shape = comparison.row_of_event(row)
                shown = which if side is Side.BEFORE else kind
                made.append((digest, place, lsn, digest, shown, shape, ()))
        return made
    if after is None:
        gone = Kind.GONE if kind is Kind.THERE else kind
        large = (UNSENT,) * len(comparison.large)
        return [(comparison.key_of_event(before or {}), place, lsn, 0, gone, 0, large)]
    digest, shape = comparison.row_of_event(after)
    large_values = comparison.large_of_event(after, created=envelope.op != "u")
    key = comparison.key_of_event(after)
    return [(key, place, lsn, digest, kind, shape, tuple(large_values))]
