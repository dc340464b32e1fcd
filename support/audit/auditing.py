"""Audits one connector: its tables at a cut, its slot, then its topics up to the same cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from support import clock
from support.audit.digests import comparison_of
from support.audit.dump import TableDump
from support.audit.folding import event_type
from support.audit.judging import TableReader, compare_table
from support.audit.reaching import await_cut
from support.audit.snapshot import TablesAtCut, tables_at_cut
from support.audit.spill import Spill, parts_for
from support.audit.tables import CapturedTable
from support.audit.topic import TableEvents, TopicRead
from support.audit.unwrapped import reading_of
from support.clients.broker import BrokerClient
from support.clients.team_connectors import PostgresConnector
from support.clients.topic_routes import Unmapped, misread
from support.errors import Inconclusive
from support.read.event_reader import GROUP
from support.read.topic_reader import TopicReader
from support.record.audit import AuditedConnector, AuditedTable

Report = Callable[[str], None]
SMALL_QUEUE = {"queued.max.messages.kbytes": "16384", "queued.min.messages": "20000"}
"""Limits of the client's memory for each partition."""
UNPUBLISHED = (
    "its topic does not exist, and it is not in the publication {}: add it there, or leave it out "
    "of the connector's filters (table.include.list, table.exclude.list)"
)
NOT_CAPTURED = "not captured: it is not in the publication {}, and the connector names no tables"
INCLUDING = ("table.include.list", "schema.include.list")
WITH_EVERY_ROW = ("initial", "always", "when_needed", "initial_only", "exported")
"""Values of snapshot.mode with which the topics begin with every row."""


@dataclass(frozen=True)
class Auditor:
    """The inputs of an audit: both addresses, a folder for its files, and how long it waits."""

    broker: BrokerClient
    conninfo: str
    database: str
    folder: Path
    report: Report
    slot_patience: timedelta
    topic_patience: timedelta
    quiet: timedelta
    """How long nothing must move in a quiet database that can't confirm the cut."""

    def audit(self, connector: PostgresConnector) -> AuditedConnector:
        """Compares every table of the connector. Raises Inconclusive if nothing can be compared."""
        with tables_at_cut(self.conninfo, connector, self.folder, self.report) as read:
            tables = [AuditedTable(each.title, "", trouble=each.trouble) for each in read.unread]
            topics, there = self._by_topic(connector, read, tables), self.broker.topics()
            self.report("waiting for the slot to confirm the cut")
            cut = await_cut(
                *(self.broker, self.conninfo, connector, read),
                [topic for topic in topics if topic in there],
                self.slot_patience,
                self.quiet,
            )
            for topic, dumps in topics.items():
                tables += self._topic(connector, topic, dumps, read)
        ordered = tuple(sorted(tables, key=lambda table: table.name))
        return AuditedConnector(connector.name, connector.slot, cut, ordered, connector.unmapped)

    def _by_topic(
        self, connector: PostgresConnector, read: TablesAtCut, tables: list[AuditedTable]
    ) -> Mapping[str, list[TableDump]]:
        """Returns topic -> its tables.

        Adds to `tables` those that can't be compared: their topic is not known, or they have rows
        and neither a topic nor a place in the publication.
        """
        topics, there = dict[str, list[TableDump]](), self.broker.topics()
        for dump in read.dumps:
            table = dump.table
            try:
                topic = connector.topic(table.schema, table.name)
            except Unmapped as error:
                why = f"its topic is not known: {error} is not understood"
                tables.append(AuditedTable(table.title, "", dump.rows, trouble=why))
                continue
            if topic in there or table.in_publication or not dump.rows:
                topics.setdefault(topic, []).append(dump)
                continue
            tables.append(_without_topic(connector, table.title, topic, dump.rows))
        return topics

    def _topic(
        self,
        connector: PostgresConnector,
        topic: str,
        dumps: list[TableDump],
        read: TablesAtCut,
    ) -> list[AuditedTable]:
        """Returns the tables of one topic, compared."""
        try:
            decode = reading_of(connector, self.database, [each.table.place for each in dumps])
        except Inconclusive as error:
            return [_not_compared(dump, topic, error) for dump in dumps]
        with ExitStack() as files:
            starts, ends = self._offsets(topic)
            count = sum(ends.values()) - sum(starts.values())
            tables, audited = dict[tuple[str, str], TableEvents](), list[AuditedTable]()
            for dump in dumps:
                try:
                    events = self._events_of(dump.table, connector, count, len(dumps))
                except Inconclusive as error:
                    audited.append(_not_compared(dump, topic, error))
                    continue
                files.callback(events.spill.close)
                tables[dump.table.place] = events
            taken = TopicRead(topic, self.database, read.cut, tables, decode)
            unread = self._read(topic, taken, count) if ends and tables else ""
            taken.whole = not any(starts.values()) and _snapshots_all(connector)
            return [*audited, *self._compared(taken, dumps, unread)]

    def _compared(
        self, taken: TopicRead, dumps: list[TableDump], unread: str
    ) -> Iterator[AuditedTable]:
        reader = TableReader(self.broker, self.folder, self.report, self.topic_patience)
        for dump in dumps:
            events = taken.tables.get(dump.table.place)
            if events is not None:
                events.trouble = events.trouble or unread
                yield compare_table(reader, taken, events, dump)

    def _offsets(self, topic: str) -> tuple[dict[int, int], dict[int, int]]:
        if topic not in self.broker.topics():
            return {}, {}
        return self.broker.start_offsets(topic), self.broker.end_offsets(topic)

    def _events_of(
        self, table: CapturedTable, connector: PostgresConnector, count: int, tables: int
    ) -> TableEvents:
        """Returns a place for the events of one of the `tables` of a topic with `count` records."""
        comparison = comparison_of(table, connector)
        dtype = event_type(len(comparison.large))
        spill = Spill(dtype, parts_for(count, dtype.itemsize, tables), self.folder)
        name = misread(table.name)
        other = "" if name == table.name else connector.topic(table.schema, name)
        return TableEvents(comparison, spill, other)

    def _read(self, topic: str, taken: TopicRead, count: int) -> str:
        """Reads the topic; returns why it was not read to its end, empty if it was."""
        reader = TopicReader(
            self.broker, GROUP, (topic,), self.topic_patience, consumer=SMALL_QUEUE
        )
        began, done = clock.now_ns(), 0
        for batch in reader:
            for message in batch:
                if message.offset() < reader.ends[message.topic(), message.partition()]:
                    taken.take(message)
            done += len(batch)
            seconds = (clock.now_ns() - began) / clock.NS_PER_S
            self.report(f"{topic}: {done} of {count} records, {done / max(seconds, 0.1):.0f}/s")
        if reader.damaged:
            return f"a batch of {topic} can't be read: {reader.damaged[0]}"
        return "" if reader.complete else f"{topic} was not read to its end: {reader.unreadable}"


def _not_compared(dump: TableDump, topic: str, error: Inconclusive) -> AuditedTable:
    return AuditedTable(dump.table.title, topic, dump.rows, trouble=error.what)


def _snapshots_all(connector: PostgresConnector) -> bool:
    config = connector.config
    partly = ("snapshot.include.collection.list", "snapshot.select.statement.overrides")
    mode = config.get("snapshot.mode", "initial").lower()
    return mode in WITH_EVERY_ROW and not any(config.get(each) for each in partly)


def _without_topic(connector: PostgresConnector, title: str, topic: str, rows: int) -> AuditedTable:
    """Returns a table with rows that is not published and has no topic.

    Where the connector's filters include tables, this one should have one. Where they do not, the
    publication is the filter.
    """
    if any(key in connector.config for key in INCLUDING):
        why = UNPUBLISHED.format(connector.publication)
        return AuditedTable(title, topic, rows, trouble=why)
    return AuditedTable(title, topic, notes=(NOT_CAPTURED.format(connector.publication),))
