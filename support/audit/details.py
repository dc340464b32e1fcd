"""Reads the rows and events whose digests differ once more, and says what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from confluent_kafka import Message

from support.audit.digests import Comparison
from support.audit.dump import TableDump, Values
from support.audit.folding import partition_and_offset
from support.audit.unwrapped import Read
from support.checks.column_values import NOT_COMPARED, same
from support.clients.broker import BrokerClient
from support.read.event_reader import GROUP
from support.read.topic_reader import TopicReader
from support.record.audit import DIFFERENT, MISSING, SURPLUS, RowFinding
from support.record.envelope import Envelope, IllegalEvent, Row

FAR = 5_000
"""A reader begins anew at the next event rather than reading so many records in between."""
MOST_SPANS = 20
"""With more spans than this the records in between are read: each span needs a client."""
SHOWN = 40
"""Characters of a value that are shown."""


def events_at(
    client: BrokerClient, topic: str, places: Sequence[int], patience: timedelta, read: Read
) -> dict[int, Envelope]:
    """Returns place -> the event there.

    A place without one (a tombstone) is left out, and so is an event that can't be read now.
    """
    wanted = {partition_and_offset(place): place for place in places if place >= 0}
    found = dict[int, Envelope]()

    def take(message: Message) -> None:
        place = wanted.get((message.partition(), message.offset()))
        if place is None or message.value() is None:
            return
        try:
            found[place] = read(message.value())
        except IllegalEvent:
            return

    for partition in sorted({which for which, _ in wanted}):
        for begin, end in _spans(sorted(at for which, at in wanted if which == partition)):
            reader = TopicReader(client, GROUP, (topic,), patience)
            reader.ends = {(topic, partition): end}
            reader.reached = {(topic, partition): begin}
            for message in (each for batch in reader for each in batch):
                take(message)
    return found


def _spans(offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Returns ranges of offsets that are read in one go; the end is exclusive."""
    spans = list[tuple[int, int]]()
    for offset in offsets:
        if spans and offset - spans[-1][1] < FAR:
            spans[-1] = (spans[-1][0], offset + 1)
        else:
            spans.append((offset, offset + 1))
    return spans if len(spans) <= MOST_SPANS else [(spans[0][0], spans[-1][1])]


def rows_at(dump: TableDump, lines: set[int]) -> dict[int, Values]:
    """Returns line -> the values of that row of the table."""
    if not lines:
        return {}
    numbered = enumerate(islice(dump, max(lines) + 1))
    return {line: values for line, values in numbered if line in lines}


class Describer:
    """Describes rows of one table that are missing, surplus or different."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._names = tuple(column.name for column in comparison.table.columns)
        self._shown = comparison.table.key or tuple(c.name for c in comparison.columns)

    def missing(self, values: Values, place: int, event: Envelope | None) -> RowFinding:
        """A row of the table that its topic does not have."""
        what = "its last event deletes it" if place >= 0 else "no event has it"
        return self._finding(MISSING, self._key(self._row(values)), what, place, event, values[-1])

    def surplus(self, place: int, event: Envelope | None) -> RowFinding:
        """A row of the topic that the table does not have."""
        key = self._key((event.after or {}) if event is not None else {})
        return self._finding(SURPLUS, key, "PostgreSQL does not have it", place, event, None)

    def different(
        self, values: Values, place: int, event: Envelope, uncompared: dict[str, int]
    ) -> RowFinding | None:
        """A row that both have; None if its values are equal after all.

        Counts in `uncompared` columns with values that can't be compared, by name.
        """
        after = event.after or {}
        lines, unclear, placeholders = list[str](), list[str](), list[str]()
        for each in self._comparison.columns:
            if each.name not in after:
                continue
            value, text = after[each.name], values[each.at]
            if value in self._comparison.placeholders:
                placeholders.append(each.name)
            elif each.of_event(value) != each.of_postgres(text):
                kind = each.column.kind
                equal = False if kind in NOT_COMPARED else same(kind, text, value)
                if equal is None:
                    unclear.append(each.name)
                elif not equal:
                    mine, real = _short(value), _short(text)
                    lines.append(f"{each.name} is {mine} in the topic, {real} in the table")
        if not lines and not unclear and placeholders:
            lines.append(f"one of {', '.join(placeholders)}, which earlier events have")
        for name in unclear:
            uncompared[name] = uncompared.get(name, 0) + 1
        if not lines:
            return None
        key = self._key(self._row(values))
        return self._finding(DIFFERENT, key, ", ".join(lines), place, event, values[-1])

    def _row(self, values: Values) -> Row:
        return dict(zip(self._names, values[:-1], strict=True))

    def _key(self, row: Row) -> str:
        return ", ".join(f"{name}={_short(row.get(name))}" for name in self._shown)

    def _finding(
        self,
        kind: str,
        key: str,
        what: str,
        place: int,
        event: Envelope | None,
        xmin: str | None,
    ) -> RowFinding:
        partition, offset = partition_and_offset(place) if place >= 0 else (None, None)
        source = event.source if event is not None else None
        return RowFinding(
            kind,
            key,
            what,
            source.lsn if source is not None else None,
            (source.ts_ms or None) if source is not None else None,
            partition,
            offset,
            int(xmin) if xmin else None,
        )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def first(findings: Sequence[RowFinding], count: int) -> Iterator[RowFinding]:
    """Yields the first findings of each kind."""
    for kind in (MISSING, SURPLUS, DIFFERENT):
        yield from islice((each for each in findings if each.kind == kind), count)
